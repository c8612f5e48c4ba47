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
        settings=settings_of("harvest"),
        origin=origin_of("harvest"),
    shell:
        command_of("harvest")


rule behaviour:
    input:
        **block_inputs("behaviour"),
        stale=force_if_stale("behaviour"),
    output:
        **outputs_of("behaviour"),
    log:
        log_of("behaviour"),
    benchmark:
        benchmark_of("behaviour")
    conda:
        "../../environment.yml"
    threads: plan.experiment.compute.threads
    resources:
        mem_mb=block_memory_mb,
    params:
        settings=settings_of("behaviour"),
        origin=origin_of("behaviour"),
    shell:
        command_of("behaviour")


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


rule attractors:
    input:
        **block_inputs("attractors"),
        stale=force_if_stale("attractors"),
    output:
        **outputs_of("attractors"),
    log:
        log_of("attractors"),
    benchmark:
        benchmark_of("attractors")
    conda:
        "../../environment.yml"
    threads: plan.experiment.compute.threads
    resources:
        mem_mb=block_memory_mb,
    params:
        settings=settings_of("attractors"),
        origin=origin_of("attractors"),
    shell:
        command_of("attractors")


rule continua:
    input:
        **block_inputs("continua"),
        stale=force_if_stale("continua"),
    output:
        **outputs_of("continua"),
    log:
        log_of("continua"),
    benchmark:
        benchmark_of("continua")
    conda:
        "../../environment.yml"
    threads: plan.experiment.compute.threads
    resources:
        mem_mb=block_memory_mb,
    params:
        settings=settings_of("continua"),
        origin=origin_of("continua"),
    shell:
        command_of("continua")


rule stability:
    input:
        **block_inputs("stability"),
        stale=force_if_stale("stability"),
    output:
        **outputs_of("stability"),
    log:
        log_of("stability"),
    benchmark:
        benchmark_of("stability")
    conda:
        "../../environment.yml"
    threads: plan.experiment.compute.threads
    resources:
        mem_mb=block_memory_mb,
    params:
        settings=settings_of("stability"),
        origin=origin_of("stability"),
    shell:
        command_of("stability")


rule graph:
    input:
        **block_inputs("graph"),
        stale=force_if_stale("graph"),
    output:
        **outputs_of("graph"),
    log:
        log_of("graph"),
    benchmark:
        benchmark_of("graph")
    conda:
        "../../environment.yml"
    threads: plan.experiment.compute.threads
    resources:
        mem_mb=block_memory_mb,
    params:
        settings=settings_of("graph"),
        origin=origin_of("graph"),
    shell:
        command_of("graph")
