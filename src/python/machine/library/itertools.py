def _chain(iterables):
    for iterable in iterables:
        yield from iterable


class chain:
    def __new__(cls, *iterables):
        return _chain(iterables)

    @staticmethod
    def from_iterable(iterables):
        return _chain(iterables)


def count(start=0, step=1):
    while True:
        yield start
        start += step


def cycle(iterable):
    items = list(iterable)
    while items:
        yield from items


def repeat(item, times=None):
    if times is None:
        while True:
            yield item
    for _ in range(times):
        yield item


def accumulate(iterable, func=None, *, initial=None):
    it = iter(iterable)
    if initial is None:
        try:
            total = next(it)
        except StopIteration:
            return
    else:
        total = initial
    yield total
    for item in it:
        total = total + item if func is None else func(total, item)
        yield total


def islice(iterable, *args):
    s = slice(*args)
    start, stop, step = s.start or 0, s.stop, s.step or 1
    if stop is not None and start >= stop:
        return
    wanted = start
    for i, item in enumerate(iterable):
        if i == wanted:
            yield item
            wanted += step
        if stop is not None and wanted >= stop:
            return


def product(*iterables, repeat=1):
    result = [()]
    for pool in [tuple(iterable) for iterable in iterables] * repeat:
        result = [x + (y,) for x in result for y in pool]
    return iter(result)


def _choose(pool, r, ordered, again):
    if r == 0:
        yield ()
        return
    for i, item in enumerate(pool):
        rest = pool[:i] + pool[i + 1 :] if ordered else pool[i:] if again else pool[i + 1 :]
        for tail in _choose(rest, r - 1, ordered, again):
            yield (item,) + tail


def combinations(iterable, r):
    return _choose(tuple(iterable), r, False, False)


def combinations_with_replacement(iterable, r):
    return _choose(tuple(iterable), r, False, True)


def permutations(iterable, r=None):
    pool = tuple(iterable)
    return _choose(pool, len(pool) if r is None else r, True, False)


def pairwise(iterable):
    it = iter(iterable)
    try:
        before = next(it)
    except StopIteration:
        return
    for item in it:
        yield before, item
        before = item


def starmap(function, iterable):
    for args in iterable:
        yield function(*args)


def takewhile(predicate, iterable):
    for item in iterable:
        if not predicate(item):
            return
        yield item


def dropwhile(predicate, iterable):
    dropping = True
    for item in iterable:
        if dropping and predicate(item):
            continue
        dropping = False
        yield item


def filterfalse(predicate, iterable):
    for item in iterable:
        if not (item if predicate is None else predicate(item)):
            yield item


def compress(data, selectors):
    for item, selected in zip(data, selectors):
        if selected:
            yield item


def zip_longest(*iterables, fillvalue=None):
    lists = [list(iterable) for iterable in iterables]
    longest = max((len(one) for one in lists), default=0)
    for i in range(longest):
        yield tuple(one[i] if i < len(one) else fillvalue for one in lists)


def groupby(iterable, key=None):
    group, current, first = [], None, True
    for item in iterable:
        k = item if key is None else key(item)
        if not first and k != current:
            yield current, iter(group)
            group = []
        group.append(item)
        current, first = k, False
    if not first:
        yield current, iter(group)


def tee(iterable, n=2):
    items = list(iterable)
    return tuple(iter(items) for _ in range(n))


def batched(iterable, n):
    batch = []
    for item in iterable:
        batch.append(item)
        if len(batch) == n:
            yield tuple(batch)
            batch = []
    if batch:
        yield tuple(batch)
