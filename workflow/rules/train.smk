rule train:
    input:
        stale=force_if_stale("train"),
        masks=lambda wildcards: timed(
            own_files(plan.masks(wildcards.constraint)), "train", wildcards
        ),
    output:
        **outputs_of("train"),
    log:
        log_of("train"),
    benchmark:
        benchmark_of("train")
    wildcard_constraints:
        model=one_of(plan.models(imported=False)),
    conda:
        "../../environment.yml"
    threads: plan.experiment.compute.threads
    resources:
        mem_mb=block_memory_mb,
        device=plan.experiment.compute.device,
        gpu=GPUS,
    params:
        settings=settings_of("train"),
        origin=origin_of("train"),
        checkpoint=checkpoint_of("train"),
    shell:
        # Without a shell between, whose end would end the job before a checkpoint is written.
        "exec "
        + command_of(
            "train",
            "--device {resources.device}",
            "--checkpoint {params.checkpoint}",
        )


rule import_networks:
    input:
        stale=force_if_stale("import_networks"),
        networks=lambda wildcards: timed(
            own_files(plan.network_files(cohort_of(wildcards), wildcards.seeds)),
            "import_networks",
            wildcards,
        ),
    output:
        **outputs_of("import_networks"),
    log:
        log_of("import_networks"),
    benchmark:
        benchmark_of("train")
    wildcard_constraints:
        model=one_of(plan.models(imported=True)),
    conda:
        "../../environment.yml"
    threads: plan.experiment.compute.threads
    resources:
        mem_mb=block_memory_mb,
    params:
        settings=settings_of("import_networks"),
        origin=origin_of("import_networks"),
    shell:
        command_of("import_networks")
