class _Backend:
    def is_available(self):
        return False

    def is_built(self):
        return False


mps = cuda = cudnn = xnnpack = opt_einsum = mkldnn = _Backend()
