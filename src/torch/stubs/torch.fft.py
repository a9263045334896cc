from _torch import fft, fft2, fftfreq, fftn, ifft, ifftn, irfft, rfft
