"""What makes an author's test code no test."""


class NothingTestedError(BaseException):
    """The author's code does not test the program. It is kept in `problems`, so that no `except` of the author's, or
    of unittest's, can hide it.
    """

    def __init__(self, words: str):
        super().__init__(words)
        problems.append(self)


problems: list[NothingTestedError] = []
"""All that were made in this process, which runs one test code."""
