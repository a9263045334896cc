from _torch import expm1, log1p, logit
