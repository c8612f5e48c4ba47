# Its stages, harvest and behaviour, run in one process, which imports torch once.
rule harvest:
    input:
        **block_inputs("harvest"),
        stale=force_if_stale("harvest"),
    output:
        **outputs_of("harvest"),
    log:
        log_of("harvest"),
    benchmark:
        benchmark_of("harvest")
    conda:
        "../../environment.yml"
    threads: plan.experiment.compute.threads
    resources:
        mem_mb=block_memory_mb,
    params:
        **told_of("harvest"),
    shell:
        command_of("harvest")


rule loadings:
    input:
        **block_inputs("loadings"),
        stale=force_if_stale("loadings"),
    output:
        **outputs_of("loadings"),
    log:
        log_of("loadings"),
    benchmark:
        benchmark_of("loadings")
    conda:
        "../../environment.yml"
    threads: plan.experiment.compute.threads
    resources:
        mem_mb=block_memory_mb,
    params:
        settings=settings_of("loadings"),
        origin=origin_of("loadings"),
    shell:
        command_of("loadings")


rule branches:
    input:
        **block_inputs("branches"),
        stale=force_if_stale("branches"),
    output:
        **outputs_of("branches"),
    log:
        log_of("branches"),
    benchmark:
        benchmark_of("branches")
    conda:
        "../../environment.yml"
    threads: plan.experiment.compute.threads
    resources:
        mem_mb=block_memory_mb,
    params:
        settings=settings_of("branches"),
        origin=origin_of("branches"),
    shell:
        command_of("branches")


rule development:
    input:
        **block_inputs("development"),
        stale=force_if_stale("development"),
    output:
        **outputs_of("development"),
    log:
        log_of("development"),
    benchmark:
        benchmark_of("development")
    conda:
        "../../environment.yml"
    threads: plan.experiment.compute.threads
    resources:
        mem_mb=block_memory_mb,
    params:
        settings=settings_of("development"),
        origin=origin_of("development"),
        checkpoint=checkpoint_of("development"),
    shell:
        # Without a shell between, whose end would end the job before it has ended itself.
        f'exec {command_of("development", "--checkpoint {params.checkpoint}")}'


rule fixed_points:
    input:
        **block_inputs("fixed_points"),
        stale=force_if_stale("fixed_points"),
    output:
        **outputs_of("fixed_points"),
    log:
        log_of("fixed_points"),
    benchmark:
        benchmark_of("fixed_points")
    conda:
        "../../environment.yml"
    threads: plan.experiment.compute.threads
    resources:
        mem_mb=block_memory_mb,
        device=plan.experiment.compute.device,
        gpu=GPUS,
    params:
        settings=settings_of("fixed_points"),
        origin=origin_of("fixed_points"),
    shell:
        command_of("fixed_points", "--device {resources.device}")


# Its stages, attractors, continua, stability and graph, run in one process.
rule skeleton:
    input:
        **block_inputs("skeleton"),
        stale=force_if_stale("skeleton"),
    output:
        **outputs_of("skeleton"),
    log:
        log_of("skeleton"),
    benchmark:
        benchmark_of("skeleton")
    conda:
        "../../environment.yml"
    threads: plan.experiment.compute.threads
    resources:
        mem_mb=block_memory_mb,
    params:
        **told_of("skeleton"),
    shell:
        command_of("skeleton")


rule plane:
    input:
        **block_inputs("plane"),
        stale=force_if_stale("plane"),
    output:
        **outputs_of("plane"),
    log:
        log_of("plane"),
    benchmark:
        benchmark_of("plane")
    conda:
        "../../environment.yml"
    threads: plan.experiment.compute.threads
    resources:
        mem_mb=block_memory_mb,
    params:
        settings=settings_of("plane"),
        origin=origin_of("plane"),
    shell:
        command_of("plane")


rule ranks:
    input:
        **block_inputs("ranks"),
        stale=force_if_stale("ranks"),
    output:
        **outputs_of("ranks"),
    log:
        log_of("ranks"),
    benchmark:
        benchmark_of("ranks")
    conda:
        "../../environment.yml"
    threads: plan.experiment.compute.threads
    resources:
        mem_mb=block_memory_mb,
    params:
        settings=settings_of("ranks"),
        origin=origin_of("ranks"),
    shell:
        command_of("ranks")
