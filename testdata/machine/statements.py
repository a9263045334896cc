"""Statements: loops, exceptions, generators, closures, patterns, imports inside functions."""

import collections
import contextlib
import copy
import functools
import itertools
import math


def case_loops():
    out = []
    for i, (a, *rest) in enumerate([(1, 2, 3), (4,)]):
        if i == 5:
            break
        out.append((a, rest))
    else:
        out.append("no break")
    n = 0
    while True:
        n += 1
        if n % 2:
            continue
        if n > 6:
            break
    return out, n


def case_exceptions():
    log = []

    def work(kind):
        try:
            try:
                if kind == 0:
                    raise KeyError("k")
                if kind == 1:
                    return "returned"
                if kind == 2:
                    raise ValueError("v") from OSError("cause")
                log.append("fine")
            except KeyError as error:
                log.append(str(error))
                raise RuntimeError("again") from error
            else:
                log.append("else")
            finally:
                log.append(f"finally {kind}")
        except (RuntimeError, ValueError) as error:
            log.append((type(error).__name__, error.args))
        return kind

    return [work(kind) for kind in range(4)], log


class Own(Exception):
    def __init__(self, code):
        super().__init__(f"code {code}")
        self.code = code


def case_own_exception():
    try:
        raise Own(7)
    except Own as error:
        return str(error), error.code, isinstance(error, Exception)


def case_unbound():
    try:
        return missing_name
    except NameError as error:
        return type(error).__name__


def counter(n):
    got = 0
    while got is not None and n > 0:
        got = yield n
        n -= 1 if got is None or got == 0 else got
        got = 0
    return "done"


def outer():
    result = yield from counter(2)
    yield result


def case_generators():
    one = counter(10)
    first = next(one)
    second = one.send(4)
    lazily = (x * x for x in itertools.count() if x % 2)
    return first, second, list(outer()), [next(lazily) for _ in range(3)], sum(x for x in range(5)), list(map(str, zip("ab", [1, 2])))


def closures():
    made = []
    total = 0
    for i in range(3):
        def add(x, i=i):
            nonlocal total
            total += x + i
            return total
        made.append(add)
    return made


def case_closures():
    return [f(10) for f in closures()], [f() for f in [lambda n=n: n for n in range(3)]], [f() for f in [lambda: n for n in range(3)]]


def arguments(a, /, b, *args, c=3, **kwargs):
    return a, b, args, c, kwargs


def case_arguments():
    more = {"c": 5, "d": 6}
    out = [arguments(1, 2), arguments(1, b=2, **more), arguments(*[1, 2, 3], x=4)]
    for call in (lambda: arguments(), lambda: arguments(1, 2, a=3, b=4), lambda: arguments(1)):
        try:
            call()
        except TypeError as error:
            out.append(type(error).__name__)
    return out


def case_comprehensions():
    return (
        [(x, y) for x in range(3) for y in range(x)], {x: x**2 for x in range(3)}, sorted({x % 2 for x in range(5)}),
        [y := 5, y**2], [x if x else None for x in (0, 1)], {**{"a": 1}, "b": 2}, [*range(2), *"ab"],
    )


def describe(value):
    match value:
        case 0 | 1:
            return "small"
        case "word":
            return "the word"
        case None if value is None:
            return "nothing"
        case other:
            return other


def case_patterns():
    return [describe(v) for v in (1, "word", None, 3.5)]


def case_strings():
    name, value = "x", 3.14159
    return f"{name!r}|{value:.2f}|{'nested ' + name}", str(0.1 + 0.2), repr("it's"), int("31")


def case_more_strings():
    return (
        "a,b,,c".split(","), " x ".strip(), "abc"[::-1], "a-b".replace("-", "_"), "x".join(["1", "2"]), "ab" * 2,
        "abc".startswith(("x", "a")), "a.b.c".rpartition("."), "b" in "abc", "one two".partition(" "), "Ab".lower(),
    )


def case_text_methods():
    return "text".removesuffix("xt"), "text".removeprefix("te"), "a b".title(), "abc".find("c"), "a1".isdigit(), "b".upper()


def case_numbers():
    return (
        7 // 2, -7 // 2, -7 % 3, 2**10, 2**-1, 7 / 2, divmod(7, 3), round(2.5), round(2.675, 2), abs(-3), int(3.9), float("1.5"),
        math.ceil(1.2), math.prod([2, 3]), math.sqrt(16), max(1, 2.0), min([3, 1]), 1 < 2 < 3, 5 & 3, 5 | 3, 5 ^ 3, ~5, 1 << 4,
        math.log2(8), math.isclose(0.1 + 0.2, 0.3), True + True, 10 ** 18, math.inf > 1, math.gcd(12, 18), bool("") or "default",
    )


def case_containers():
    d = {"a": 1}
    d.update(b=2)
    d.setdefault("c", []).append(3)
    popped = d.pop("a")
    items = [3, 1, 2]
    items.sort(key=lambda x: -x)
    items[1:2] = [9, 8]
    del items[0]
    counts = collections.Counter("abca")
    grouped = collections.defaultdict(list)
    grouped["k"].append(1)
    ordered = collections.OrderedDict([("z", 1), ("y", 2)])
    ordered.move_to_end("z")
    Pair = collections.namedtuple("Pair", "left right")
    queue = collections.deque([1, 2], maxlen=2)
    queue.append(3)
    return (
        d, popped, items, counts["a"], dict(grouped), list(ordered), Pair(1, right=2).right, list(queue), (1, 2) + (3,), [0] * 3,
        list(reversed([1, 2])), sorted("bca"), any([0, 1]), all([]), {1, 2} & {2, 3} == {2}, frozenset([1]) <= {1, 2},
        list(itertools.chain([1], [2])), list(itertools.product("ab", [0, 1])), list(itertools.accumulate([1, 2, 3])),
        [list(g) for _, g in itertools.groupby([1, 1, 2])], list(itertools.islice(itertools.count(3), 2)), dict(zip("ab", (1, 2))),
        list(d.items()), "b" in d, [1, [2, 3]] == [1, [2, 3]], list(range(10, 0, -3)), range(5)[-1],
    )


def case_copies():
    inner = [1]
    original = {"x": inner}
    shallow, deep = copy.copy(original), copy.deepcopy(original)
    inner.append(2)
    return shallow, deep


@contextlib.contextmanager
def managed(log):
    log.append("in")
    try:
        yield "value"
    finally:
        log.append("out")


def case_context_managers():
    log = []
    with managed(log) as value, contextlib.suppress(KeyError):
        log.append(value)
        raise KeyError
    with contextlib.nullcontext(3) as three:
        log.append(three)
    return log


def shouted(times):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args):
            return function(*args).upper() * times

        return wrapper

    return decorate


@shouted(2)
def said(word):
    return word


@functools.lru_cache(maxsize=None)
def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


def case_functions():
    return said("a"), said.__name__, fibonacci(30), functools.partial(max, 3)(2, 9), functools.reduce(lambda a, b: a * b, [1, 2, 3])


def case_deleted():
    x = 1
    del x
    try:
        return x
    except UnboundLocalError as error:
        return type(error).__name__


def case_scopes():
    x = "outer"

    class Inner:
        x = "class"
        seen = [x for _ in range(1)]

        def look(self):
            return x

    return Inner.seen, Inner().look()


def case_walrus_and_chains():
    if (n := len("abc")) > 2:
        a = b = n
    a, b = b, a + 1
    (c, d), e = (1, 2), 3
    return a, b, c, d, e, not a, a if n else b, [n][0], (lambda *a, **k: (a, k))(1, z=2)


def case_global_state():
    global counted
    counted = 1
    counted += 1
    return counted


def case_asserts():
    try:
        assert 1 == 2, "not equal"
    except AssertionError as error:
        return str(error)
