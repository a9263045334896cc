class constraints:
    real_vector = None


class _Distribution:
    def __init__(self, *args, **kwargs):
        pass


class Distribution(_Distribution):
    pass


class Independent(Distribution):
    pass


class Normal(Distribution):
    pass


class NegativeBinomial(Distribution):
    pass


class StudentT(Distribution):
    pass


class AffineTransform(_Distribution):
    pass


class TransformedDistribution(Distribution):
    pass
