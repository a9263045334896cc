from _torch import norm


vector_norm = matrix_norm = norm
