"""What customers write, read by a lexicon: language, themes, sentiment, terms.

Belongs here: words in, meanings out; the words themselves are seeds. Does not belong here: counting, which is SQL, and
any output that holds a text: nothing here returns, writes or logs more of a text than single words many people use.
"""
