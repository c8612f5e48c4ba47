rule scene:
    input:
        stale=force_if_stale("scene"),
        tables=lambda wildcards: timed(
            plan.scene_inputs(cohort_of(wildcards), wildcards.part), "scene", wildcards
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
    localrule: True
