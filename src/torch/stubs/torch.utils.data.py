class Dataset:
    pass


class IterableDataset(Dataset):
    pass


class DataLoader:
    pass


class Sampler:
    pass


class RandomSampler(Sampler):
    pass


class SequentialSampler(Sampler):
    pass
