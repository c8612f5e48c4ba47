rule scene:
    input:
        stale=force_if_stale("scene"),
        tables=lambda wildcards: plan.scene_inputs(
            Cohort(wildcards.task, wildcards.model, wildcards.constraint), wildcards.part
        ),
    output:
        folder=report(
            directory(outputs_of("scene")["folder"]),
            patterns=[r"seed={seed,\d+}.png", r"seed={seed,\d+}.order={order,\d+}.png"],
            caption="../report/scene.rst",
            category="Skeletons in 3D",
            subcategory="{task}",
            labels=scene_labels,
        ),
    log:
        log_of("scene"),
    benchmark:
        benchmark_of("scene")
    conda:
        "../../environment.yml"
    threads: plan.experiment.compute.threads
    resources:
        mem_mb=scene_memory_mb,
    params:
        settings=settings_of("scene"),
        origin=origin_of("scene"),
    shell:
        command_of("scene")


rule scenes:
    input:
        plan.stage_files("scene"),
