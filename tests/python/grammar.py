"""Every construct of Python's grammar, to be parsed and never run."""
from __future__ import annotations
import a, a.b, a.b.c as d
from . import e
from .. import f as g
from ...h.i import (j, k as l,)
from m import *

# Literals.
x = 0, 00, 0_0, 10, 1_000, 0x1F, 0XaF, 0o17, 0b1_0, 1., .5, 1.5e10, 1e-5, 1E+5, 1j, 1.5J, 0e0, 00.5, 1_0.0_1
x = 1if x else 2
x = "a" 'b' r"\d" u'c' """d
e""" '''f'''
x = b"a" B'b' br"c" Rb'''d
e'''
x = "é", "\N{BULLET}", '\'', "a\
b"
x = None, True, False, ..., __debug__

# f-strings.
x = f""
x = f"a{b}c{d!r}{e:>10}{f!s:{g}.{h}}{{i}}{j=}{k = !a}"
x = rf'\d{a}' F"{b['c']}" fR"""{
  d}"""
x = f"{(lambda y: y)(1)}{ {1: 2}[1] }{a if b else c}{x != y}{a == b}{(z := 1)}"
x = "a" f"b{c}" "d"

# Operators.
x = a + b - c * d / e // f % g @ h
x = a | b ^ c & d << e >> f
x = a ** b ** -c, -a ** b, (-a) ** b, +a, ~a, - - a, not not a
x = a < b <= c == d != e >= f > g
x = a in b, a not in b, a is b, a is not b
x = a and b and c or d and not e or f
x = a if b else c if d else e
x = (y := 1), [y := 2, 3], f(y := 3)
x = (a), ((b)), (a + b) * c

# Displays and comprehensions.
x = (), (a,), (a, b), [], [a], [a, b,], {}, {a: b}, {a: b, **c}, {a}, {a, b,}
x = [*a, b], (*a, b), {*a, b}, {**a, 'b': c, **d,}
x = *a, b
x = [a for a in b], {a for a in b if c if d}, {a: b for a, b in c for d in e}
x = (a for a in b), f(a for a in b), f((a, b) for a in c), f((a for a in b)), f(a, (b for b in c))
x = [a for a, *b in c], [a for (a, b), in c], [lambda: a for a in b or c]

# Primaries.
x = a.b.c, a[b], a[b, c], a[b,], a[:], a[b:], a[:b], a[::c], a[b:c:d, e:f, ...], a[*b], a[*b, c], a[b := 1]
x = f(), f(a), f(a, b,), f(a, b=c), f(*a), f(**a), f(a, *b, c=d, *e, **g), f(a)(b)[c].d
x = print, exec, match, case, type, _

# Lambdas.
x = lambda: a
x = lambda a, b=c, /, d=e, *f, g, h=i, **j: k
x = lambda *, a: a
x = lambda *a, **b: (a, b)

# Statements.
pass; pass;
a = b = c
a, b = c
(a, b), [c, *d] = e
a.b = c[d] = e[f:g] = h
(a) = b
*a, = b
a: int
a: list[int] = b
(a): int = b
a.b: int
a[b]: int = c, d
a: tuple = *b, c
a += b; a -= b; a *= b; a /= b; a //= b; a %= b; a @= b
a &= b; a |= b; a ^= b; a <<= b; a >>= b; a **= b, c
del a
del a, b[c], d.e, (f, [g]),
assert a
assert a, b
raise
raise a
raise a from b

if a: pass
elif b:
    pass
elif c: pass; pass
else:
    pass
if a := b:
    pass
if a:
    if b:
        pass
    else:
        pass
while a:
    break
else:
    pass
while (a := b):
    continue
for a in b: pass
for a, b in c, d:
    continue
else:
    pass
for (a, b), *c in *d, e:
    pass
for a.b in c:
    pass
for a[0] in c:
    pass
try:
    pass
except:
    pass
try:
    pass
except a:
    pass
except (b, c) as d:
    pass
else:
    pass
finally:
    pass
try: pass
finally: pass
try:
    pass
except* a as b:
    pass
except* c:
    pass
with a: pass
with a as b, c as d.e, f:
    pass
with (a as b, c as d,):
    pass
with (a, b) as c:
    pass
with (a), (b):
    pass
with (a):
    pass
with (yield_ := a) as (b, c), d as [e, f]:
    pass


def f(): pass
def f(a, b: int, c=d, e: int = g, /, h=i, *args: int, j, k: int = l, **kwargs: int) -> dict[str, int]:
    """Docstring."""
    global x, y
    nonlocal_ = a
    def g():
        nonlocal a, b
        yield
        yield a
        yield a, b
        yield from c
        d = yield
        e = yield f
        e += yield
        g = (yield)
        return (yield a), [(yield)]
    return
def f(*, a): return a
def f(*args: *tuple[int]): return *args, a
def f(a, /): return a, b


async def f():
    await a
    x = await a.b(c) ** d
    async for a in b:
        pass
    else:
        pass
    async with a as b, c:
        pass
    async with (a as b):
        pass
    return [a async for a in b if await c], {a: b async for a, b in c}


@a
@b.c(d)
@(e := f)
class C: pass
@a
def f():
    @b
    async def g(): pass
class C(): pass
class C(a, *b, c=d, **e):
    """Docstring."""
    a: int = 1
    def f(self): return super().f()

match a:
    case 1: pass
match a, *b:
    case 1 | -1 | 1.5 | 1 + 2j | -1 - 2j: pass
    case "a" "b" | b"c": pass
    case None | True | False: pass
    case a.b | a.b.c: pass
    case _: pass
match (a):
    case b: pass
    case (c): pass
    case [] | (): pass
    case [a] | (a,) | [a, b, *_] | (a, *c, d): pass
    case a, b: pass
    case *a, b: pass
    case a,: pass
    case {}: pass
    case {"a": b, -1: c, None: d, e.f: g, **h}: pass
    case {"a": 1,}: pass
    case A(): pass
    case A.B(a, b, c=d, e=1 | 2,): pass
    case (1 | 2) as x if x > 1: pass
    case [A(b=c) as d, {"e": [f]}] as g: pass
match = a
match.b = c
match[d] = e
match(f, g)
match (h), i
match * j
match -k
case = match | _
print(match, case)
match a := b,:
    case c as d,: pass

if a:
	tab
        # an odd comment
	tab

x = [  # comments
    a,  # in brackets

    b
]
x = a + \
    b
if a and \
        b: pass
