"""What the weights of a network must obey."""

from math import floor, isclose
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from rnnpipe.faults import Fault, SettingsError, suggestion
from rnnpipe.parameters import (
    Count,
    Flag,
    Name,
    NonZeroFraction,
    OpenFraction,
    Real,
    Settings,
    WholeNumber,
)
from rnnpipe.settings.sections.low_rank import Loadings, Rank, rank_faults

MASK_KEYS = ("mask", "input_mask", "output_mask")

Cells = Literal["all", "excitatory", "inhibitory"]


def excitatory_units(dale_ratio: float, units: int) -> int:
    """Return how many of `units` are excitatory: the floor of ratio times units.

    The product is rounded first, so that 0.29 of 100 units is 29 although the
    floating-point product is slightly less.
    """
    return floor(round(dale_ratio * units, 9))


def _check_mask_path(path: str) -> str:
    if not path.endswith((".npy", ".csv")):
        raise ValueError("a mask is a .npy or a .csv file")
    return path


def _check_channels(value: Any) -> Any:
    if value == "all":
        return value
    whole = isinstance(value, list | tuple) and all(type(channel) is int for channel in value)
    if not whole or not value or min(value) < 0 or len(set(value)) < len(value):
        raise ValueError("give all, or a list of different channel numbers >= 0")
    return sorted(value)


MaskPath = Annotated[str, AfterValidator(_check_mask_path)]
Channels = Annotated[
    Literal["all"] | Annotated[tuple[Annotated[int, Field(ge=0)], ...], Field(min_length=1)],
    BeforeValidator(_check_channels),
]


class RegionSettings(Settings):
    """A block of consecutive units with constraints of its own."""

    name: Name = Field(description="Name of the region.")
    units: Count | None = Field(None, description="Number of units; or give `fraction`.")
    fraction: NonZeroFraction | None = Field(
        None, description="Share of the model's units; or give `units`."
    )
    dale_ratio: OpenFraction | None = Field(
        None, description="Share of the region's units that is excitatory; null: no signs."
    )
    autapses: Flag = Field(True, description="Whether units connect to themselves.")
    density: NonZeroFraction | None = Field(
        None, description="Share of the region's own connections that exists; null: all."
    )


class ProjectionSettings(Settings):
    """Random connections from one region to another."""

    source: Name = Field(alias="from", description="Presynaptic region.")
    target: Name = Field(alias="to", description="Postsynaptic region.")
    probability: NonZeroFraction = Field(1.0, description="Probability of each connection.")
    from_cells: Cells = Field("all", description="Presynaptic cells that project.")
    to_cells: Cells = Field("all", description="Postsynaptic cells that are reached.")


class ConstraintSettings(Settings):
    """What the weights must obey; without any key, nothing."""

    autapses: Flag = Field(True, description="Whether units connect to themselves.")
    dale_ratio: OpenFraction | None = Field(
        None, description="Share of units that is excitatory (the first ones); null: no signs."
    )
    density: NonZeroFraction | None = Field(
        None, description="Share of recurrent connections that exists; null: all."
    )
    mask: MaskPath | None = Field(
        None, description="File of 0 and 1, (units, units), [post, pre]: recurrent connections."
    )
    input_mask: MaskPath | None = Field(
        None, description="File of 0 and 1, (units, inputs): connections from inputs."
    )
    output_mask: MaskPath | None = Field(
        None, description="File of 0 and 1, (outputs, units): connections to outputs."
    )
    regions: tuple[RegionSettings, ...] = Field(
        (), description="Blocks of units, in order; they connect only by projections."
    )
    projections: tuple[ProjectionSettings, ...] = Field(
        (), description="Connections between regions; several between the same two add up."
    )
    inputs: dict[Name, Channels] = Field(
        {},
        description="Input channels by region; a region not named sees none; empty: all see all.",
    )
    outputs: dict[Name, Channels] = Field(
        {}, description="Outputs by region; a region not named feeds none; empty: all feed all."
    )
    rank: Rank = Field(
        "full",
        description="Rank r of the recurrent weights W = m nᵀ / units, trained in m and n, "
        "(units, r); full: W itself is trained.",
    )
    loadings: Loadings = Field(
        "gaussian",
        description="With a rank, how weights start: gaussian, m and n at random; or covariances "
        "by pairs of m0, n0, input0, output0 and so on: {m0 n0: 1.2, n0 input0: 0.5}.",
    )

    @model_validator(mode="after")
    def _consistent(self) -> "ConstraintSettings":
        faults = [
            *self._faults_beside_regions(),
            *self._faults_of_sizes(),
            *self._faults_of_projections(),
            *self._faults_of_channels(),
            *rank_faults(self),
        ]
        if faults:
            raise SettingsError(faults)
        return self

    def mask_files(self) -> tuple[str, ...]:
        """Return the paths of the mask files, for use as inputs of a rule."""
        return tuple(path for key in MASK_KEYS if (path := getattr(self, key)) is not None)

    def uses_signs(self) -> bool:
        """Return whether Dale's principle holds anywhere."""
        regional = any(region.dale_ratio is not None for region in self.regions)
        return self.dale_ratio is not None or regional

    def region_units(self, units: int) -> tuple[int, ...]:
        """Return the size of each region in a network of `units` units.

        Fractions are rounded by largest remainder (ties: the earlier region),
        so that the sizes always sum to `units`. Sizes given as units are
        returned as they are.
        """
        if any(region.units is not None for region in self.regions):
            return tuple(region.units or 0 for region in self.regions)
        exact = [round((region.fraction or 0.0) * units, 9) for region in self.regions]
        sizes = [floor(size) for size in exact]
        by_remainder = sorted(range(len(exact)), key=lambda i: sizes[i] - exact[i])
        for i in by_remainder[: units - sum(sizes)]:
            sizes[i] += 1
        return tuple(sizes)

    def resolved(self, units: int) -> "ResolvedConstraint":
        """Return the constraint on a network of `units` units, with everything counted out."""
        whole = RegionSettings(
            name="all",
            units=units,
            dale_ratio=self.dale_ratio,
            autapses=self.autapses,
            density=self.density,
        )
        sizes = self.region_units(units) if self.regions else (units,)
        regions = [
            ResolvedRegion(
                name=region.name,
                units=size,
                excitatory=region.dale_ratio and excitatory_units(region.dale_ratio, size),
                autapses=region.autapses,
                density=region.density,
            )
            for region, size in zip(self.regions or (whole,), sizes, strict=True)
        ]
        return ResolvedConstraint(
            regions=regions,
            projections=self.projections,
            inputs=self.inputs or None,
            outputs=self.outputs or None,
            mask=self.mask,
            input_mask=self.input_mask,
            output_mask=self.output_mask,
            rank=None if self.rank == "full" else self.rank,
            loadings=None if self.loadings == "gaussian" else self.loadings,
        )

    def _faults_beside_regions(self) -> list[Fault]:
        keys = ("autapses", "dale_ratio", "density") if self.regions else ()
        default = ConstraintSettings.model_fields
        return [
            Fault(key, "has no meaning beside regions; give it in each region")
            for key in keys
            if getattr(self, key) != default[key].default
        ]

    def _faults_of_sizes(self) -> list[Fault]:
        faults = []
        names = [region.name for region in self.regions]
        for i, region in enumerate(self.regions):
            key = f"regions[{i}]"
            if region.name in names[:i]:
                faults.append(Fault(f"{key}.name", f'"{region.name}" is the name of two regions'))
            if (region.units is None) == (region.fraction is None):
                faults.append(Fault(key, "give either units or fraction"))
        given = [region.fraction for region in self.regions if region.fraction is not None]
        if given and len(given) < len(self.regions):
            faults.append(Fault("regions", "give all regions units, or all a fraction"))
        elif given and not isclose(sum(given), 1.0, abs_tol=1e-6):
            faults.append(Fault("regions", f"fractions sum to {sum(given):g} and must sum to 1"))
        return faults

    def _faults_of_projections(self) -> list[Fault]:
        faults = []
        regions = {region.name: region for region in self.regions}
        for i, projection in enumerate(self.projections):
            ends = (
                ("from", projection.source, projection.from_cells),
                ("to", projection.target, projection.to_cells),
            )
            for end, name, cells in ends:
                key = f"projections[{i}].{end}"
                if name not in regions:
                    faults.append(self._unknown_region(key, name))
                elif cells != "all" and regions[name].dale_ratio is None:
                    message = f'"{cells}" cells of region "{name}", which has no dale_ratio'
                    faults.append(Fault(f"{key}_cells", message))
        return faults

    def _faults_of_channels(self) -> list[Fault]:
        known = {region.name for region in self.regions}
        return [
            self._unknown_region(key, name)
            for key in ("inputs", "outputs")
            for name in getattr(self, key)
            if name not in known
        ]

    def _unknown_region(self, key: str, name: str) -> Fault:
        names = [region.name for region in self.regions]
        known = f"one of {', '.join(names)}" if names else "there are none"
        return Fault(key, f'"{name}" is not a region ({known}){suggestion(name, names)}')


class ResolvedRegion(Settings):
    """A region of a network of known size."""

    name: Name
    units: Count
    # None where units have no sign.
    excitatory: WholeNumber | None
    autapses: Flag
    density: NonZeroFraction | None


class ResolvedConstraint(Settings):
    """A constraint on networks of known size: all units belong to a region."""

    regions: tuple[ResolvedRegion, ...] = Field(min_length=1)
    projections: tuple[ProjectionSettings, ...]
    # None where every region sees, or feeds, every channel.
    inputs: dict[Name, Channels] | None
    outputs: dict[Name, Channels] | None
    mask: MaskPath | None
    input_mask: MaskPath | None
    output_mask: MaskPath | None
    # None where recurrent weights are trained as one matrix.
    rank: Count | None
    # None where loadings are independent.
    loadings: dict[str, Real] | None


Constraints = Annotated[dict[Name, ConstraintSettings], Field(min_length=1)]
