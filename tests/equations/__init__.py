"""The equations of the catalogue on numbers.

A test gives values to the symbols of an entry, in the entry's own LaTeX, and asks whether each relation is true:

    holds("dist-bernoulli", {r"\\operatorname{Bern}": lambda x, mu: mu if x else 1 - mu, "x": each(0, 1), r"\\mu": 0.3})

- A name is as long as the test likes: `x`, `x_{i}`, `f(x)` or a whole fraction; the longest that fits counts.
- A Python callable is applied to what is in parentheses; `,` `;` `\\mid` and `\\|` all part its arguments.
- An index looks into an array or list from 1 on, or into a mapping by its keys.
- `over` has what an index without bounds runs over, `mean` an expectation, `given` what depends on other names.
- `chance` is `mean` for a probability of events; `objective` is what a problem such as `\\min_{x} f(x)` comes to.
- A sign may have a meaning of the test's own: `\\sim`, `\\subseteq`, `]_{0}^{1}`; bound words are conditions.
- Vectors have one dimension; a product of two needs a transpose, and nothing is elementwise unless the test says so.
"""
