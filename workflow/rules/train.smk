rule train:
    input:
        script="scripts/train.py",
        masks=lambda wildcards: plan.masks(wildcards.constraint),
    output:
        weights=block_file("weights"),
        history=block_file("history"),
        training=block_file("training"),
    log:
        log_file("train"),
    benchmark:
        benchmark_file("train")
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
        settings=block_settings("train"),
        code=code_of(stage_code, "train"),
        # No output: it has to outlive a job that fails.
        checkpoint=checkpoint_file(),
    shell:
        # Without a shell between, whose end would end the job before a checkpoint is written.
        "exec python {input.script} --settings {params.settings:q} --threads {threads}"
        " --device {resources.device} --checkpoint {params.checkpoint}"
        " --weights {output.weights} --history {output.history}"
        " --training {output.training} > {log} 2>&1"


rule import_networks:
    input:
        script="scripts/import_networks.py",
        networks=lambda wildcards: plan.network_files(
            Cohort(wildcards.task, wildcards.model, wildcards.constraint), wildcards.seeds
        ),
    output:
        weights=block_file("weights"),
        history=block_file("history"),
        training=block_file("training"),
    log:
        log_file("import_networks"),
    benchmark:
        benchmark_file("train")
    wildcard_constraints:
        model=one_of(plan.models(imported=True)),
    conda:
        "../../environment.yml"
    threads: plan.experiment.compute.threads
    resources:
        mem_mb=block_memory_mb,
    params:
        settings=block_settings("train"),
        code=code_of(import_code),
    shell:
        "python {input.script} --settings {params.settings:q} --threads {threads}"
        " --weights {output.weights} --history {output.history}"
        " --training {output.training} > {log} 2>&1"
