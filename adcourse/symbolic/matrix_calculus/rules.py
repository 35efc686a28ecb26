"""Every rule that a step can name, in LaTeX.

Magnus & Neudecker 2019, chapters 8 and 9; Giles 2008; Townsend 2016 for the singular vectors.
"""

DIFFERENTIALS = {  # d(…) = …
    "sum": r"\mathrm{d}(A + B) = \mathrm{d}A + \mathrm{d}B",
    "product": r"\mathrm{d}(AB) = \mathrm{d}A\, B + A\, \mathrm{d}B",
    "number times matrix": r"\mathrm{d}(sA) = \mathrm{d}s\, A + s\, \mathrm{d}A",
    "transpose": r"\mathrm{d}(A^\top) = (\mathrm{d}A)^\top",
    "inverse": r"\mathrm{d}(A^{-1}) = -A^{-1}\, \mathrm{d}A\, A^{-1}",
    "entry by entry": r"\mathrm{d}f(A) = f'(A) \odot \mathrm{d}A",
    "diagonal": r"\mathrm{d}\,\mathrm{diag}(A) = \mathrm{diag}(\mathrm{d}A)",
    "Kronecker product": r"\mathrm{d}(A \otimes B) = \mathrm{d}A \otimes B + A \otimes \mathrm{d}B",
    "Sylvester": r"A\, \mathrm{d}X + \mathrm{d}X\, B = "
    r"\mathrm{d}C - \mathrm{d}A\, X - X\, \mathrm{d}B",
    "linear system": r"Ax = b \;\Rightarrow\; \mathrm{d}x = A^{-1}(\mathrm{d}b - \mathrm{d}A\, x)",
    "singular values": r"\mathrm{d}\sigma = \mathrm{diag}(U^\top \mathrm{d}W\, V)",
    "eigenvalues": r"\mathrm{d}\lambda = \mathrm{diag}(Q^\top \mathrm{d}S\, Q)",
    "eigenvalues of any matrix": r"\mathrm{d}\lambda = \mathrm{diag}(Z^{-1} \mathrm{d}X\, Z)",
    "eigenvectors of any matrix": r"\mathrm{d}Z = Z\left(F \odot Z^{-1} \mathrm{d}X\, Z\right)",
    "left singular vectors": r"\mathrm{d}U = U\left(F \odot (M\Sigma + \Sigma M^\top)\right)"
    r" + (I - UU^\top)\, \mathrm{d}W\, V \Sigma^{-1},\; M = U^\top \mathrm{d}W\, V",
    "right singular vectors": r"\mathrm{d}V = V\left(F \odot (\Sigma M + M^\top \Sigma)\right)"
    r" + (I - VV^\top)\, \mathrm{d}W^\top U \Sigma^{-1},\; M = U^\top \mathrm{d}W\, V",
    "eigenvectors": r"\mathrm{d}Q = Q\left(F \odot Q^\top \mathrm{d}S\, Q\right)",
    "softmax": r"\mathrm{d}p = p \odot \mathrm{d}z - p\,(p^\top \mathrm{d}z)",
    "gaps": r"\mathrm{d}F_{ij} = -F_{ij}^2\, (\mathrm{d}\lambda_j - \mathrm{d}\lambda_i)",
    "Cholesky factor": r"\mathrm{d}L = L\,\mathrm{low}(L^{-1}\, \mathrm{d}S\, L^{-\top})",
    "trace": r"\mathrm{d}\,\mathrm{tr}(A) = \langle I, \mathrm{d}A \rangle",
    "sum of entries": r"\mathrm{d}(\mathbf{1}^\top A\, \mathbf{1}) = "
    r"\langle \mathbf{1}\mathbf{1}^\top, \mathrm{d}A \rangle",
    "squared length": r"\mathrm{d}\|A\|^2 = 2\, \langle A, \mathrm{d}A \rangle",
    "determinant": r"\mathrm{d}\det A = \det A\, \langle A^{-\top}, \mathrm{d}A \rangle",
    "log-determinant": r"\mathrm{d}\log\det A = \langle A^{-\top}, \mathrm{d}A \rangle",
    "chain rule": r"\mathrm{d}f(s) = f'(s)\, \mathrm{d}s",
}

ADJOINTS = {  # <G, …> = <…, K>
    "factors": r"\langle G,\, A K B \rangle = \langle A^\top G B^\top,\, K \rangle",
    "transpose": r"\langle G,\, K^\top \rangle = \langle G^\top,\, K \rangle",
    "entries": r"\langle G,\, H \odot K \rangle = \langle G \odot H,\, K \rangle",
    "number": r"\langle G,\, \mathrm{d}s\, A \rangle = \langle G, A \rangle\, \mathrm{d}s",
    "diagonal": r"\langle G,\, \mathrm{diag}(K) \rangle = \langle \mathrm{diag}(G),\, K \rangle",
    "Kronecker product": r"\langle G,\, K \otimes B \rangle = "
    r"\langle \mathrm{blocks}(G, B),\, K \rangle",
    "Sylvester": r"\langle G,\, \mathrm{syl}_{A,B}(K) \rangle = "
    r"\langle \mathrm{syl}_{A^\top,B^\top}(G),\, K \rangle",
    "lower triangle": r"\langle G,\, \mathrm{low}(K) \rangle = "
    r"\langle \mathrm{low}(G),\, K \rangle",
}

STRUCTURES = {  # what a dX of some kind sees
    "symmetric matrix": r"\mathrm{d}X = \mathrm{d}X^\top:\; \langle G, \mathrm{d}X\rangle = "
    r"\langle \tfrac12 (G + G^\top), \mathrm{d}X\rangle",
    "diagonal matrix": r"\mathrm{d}X \text{ is diagonal}:\; \langle G, \mathrm{d}X\rangle = "
    r"\langle \mathrm{diag}(\mathrm{diag}\,G), \mathrm{d}X\rangle",
}
