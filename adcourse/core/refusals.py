"""What would write into an array that a trace needs: refused, with what to write instead."""

from adcourse.core.errors import InPlaceWrite

METHOD_CURES = {  # np.add.reduce(x) is np.sum(x)
    ("add", "reduce"): "np.sum",
    ("add", "accumulate"): "np.cumsum",
    ("multiply", "reduce"): "np.prod",
    ("multiply", "accumulate"): "np.cumprod",
    ("maximum", "reduce"): "np.max",
    ("minimum", "reduce"): "np.min",
    ("multiply", "outer"): "np.outer",
    ("logaddexp", "reduce"): "ad.logsumexp",
}
WRITERS = "fill sort partition put resize itemset setfield byteswap".split()  # methods


def refuse_out(kwargs, name):
    """Nothing may be written into an array that exists, be it plain or traced."""
    out = kwargs.get("out")
    if out is not None and not (isinstance(out, tuple) and all(o is None for o in out)):
        raise InPlaceWrite(
            f"{name}(…, out=…) and in-place operators overwrite an array, and a trace needs every "
            "value that was computed. Write y = y + x instead of y += x, and leave out= away."
        )


def refusing(name):
    """A method that would change the array in place."""

    def method(self, *args, **kwargs):
        raise InPlaceWrite(
            f"x.{name}(…) changes x in place, and a trace needs every value that was computed. "
            "Build a new array, with np.sort, np.partition, np.where or np.full_like."
        )

    return method
