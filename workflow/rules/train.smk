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
    conda:
        "../../environment.yml"
    threads: plan.experiment.compute.threads
    resources:
        mem_mb=memory_mb,
        runtime=runtime_minutes,
        device=plan.experiment.compute.device,
    params:
        settings=block_settings("train"),
        code=stage_code("train"),
    shell:
        "python {input.script} --settings {params.settings:q} --threads {threads}"
        " --device {resources.device} --weights {output.weights}"
        " --history {output.history} --training {output.training} > {log} 2>&1"
