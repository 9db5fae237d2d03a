"""Two kinds of contracts of our own for import-linter, which `make lint` runs (pyproject.toml names them)."""

from collections.abc import Iterator
from typing import cast

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class RestLayerContract(Contract):
    """Only modules of some names may reach the REST framework, directly or through others.

    ``layer_names``: last parts of module names (``views``) that belong to the REST layer. ``layer_packages``: packages
    that belong to it whole. ``root_names``: modules that put the parts together (``urls``), and may import everything.
    """

    library = cast("str", fields.StringField())  # of an instance, it is the value that pyproject.toml has
    layer_names = cast("set[str]", fields.SetField(subfield=fields.StringField()))
    layer_packages = cast("set[str]", fields.SetField(subfield=fields.StringField()))
    root_names = cast("set[str]", fields.SetField(subfield=fields.StringField()))

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        reaching = sorted(graph.find_downstream_modules(self.library)) if self.library in graph.modules else []
        chains = [graph.find_shortest_chain(module, self.library) for module in reaching if not self.may_reach(module)]
        return ContractCheck(kept=not chains, metadata={"chains": chains})

    def may_reach(self, module: str) -> bool:
        name = module.rpartition(".")[2]
        in_layer = any(module == package or module.startswith(f"{package}.") for package in self.layer_packages)
        return in_layer or name in self.layer_names | self.root_names

    def render_broken_contract(self, check: ContractCheck) -> None:
        for chain in check.metadata["chains"]:
            output.print_error(" -> ".join(chain))


class NoCirclesContract(Contract):
    """No module imports itself through others."""

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        chains = list(circles(graph))
        return ContractCheck(kept=not chains, metadata={"chains": chains})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for chain in check.metadata["chains"]:
            output.print_error(" -> ".join(chain))


def circles(graph: ImportGraph) -> Iterator[tuple[str, ...]]:
    """Yield one chain of imports for each pair of modules that reach each other by a direct import."""
    for module in sorted(graph.modules):
        for imported in sorted(graph.find_modules_directly_imported_by(module)):
            if imported != module and (back := graph.find_shortest_chain(imported, module)):
                yield (module, *back)
