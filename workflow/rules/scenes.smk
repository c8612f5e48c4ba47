rule scene:
    input:
        script="scripts/scene.py",
        tables=lambda wildcards: plan.scene_inputs(
            Cohort(wildcards.task, wildcards.model, wildcards.constraint), wildcards.part
        ),
    output:
        folder=report(
            directory(scene_folder(plan.name, BLOCK, "{part}")),
            patterns=[r"seed={seed,\d+}.png", r"seed={seed,\d+}.order={order,\d+}.png"],
            caption="../report/scene.rst",
            category="Skeletons in 3D",
            subcategory="{task}",
            labels=scene_labels,
        ),
    log:
        log_path(plan.name, "scene", "{task}", "{model}", "{constraint}", "{part}"),
    benchmark:
        benchmark_path(plan.name, "scene", "{task}", "{model}", "{constraint}", "{part}")
    conda:
        "../../environment.yml"
    threads: plan.experiment.compute.threads
    resources:
        mem_mb=scene_memory_mb,
    params:
        settings=lambda wildcards: plan.scene_settings(
            wildcards.task, wildcards.model, wildcards.constraint, wildcards.part
        ),
        code=code_of(gathering_code, "scene"),
    shell:
        "python {input.script} --settings {params.settings:q} --threads {threads}"
        " --folder {output.folder} > {log} 2>&1"


rule scenes:
    input:
        plan.scene_folders(),
