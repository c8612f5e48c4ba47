rule figure:
    input:
        script="scripts/figure.py",
        tables=lambda wildcards: plan.figure_inputs(wildcards.kind, wildcards.task),
    output:
        svg=figure_file("svg"),
        png=figure_file("png"),
        table=figure_file("csv"),
        caption=figure_file("txt"),
    log:
        log_path(plan.name, "figure", "{task}", "{kind}"),
    benchmark:
        benchmark_path(plan.name, "figure", "{task}", "{kind}")
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=memory_mb,
    params:
        settings=lambda wildcards: plan.figure_settings(wildcards.kind, wildcards.task),
        code=lambda wildcards: figure_code(wildcards.kind),
    shell:
        "python {input.script} --settings {params.settings:q} --threads {threads}"
        " --svg {output.svg} --png {output.png} --table {output.table}"
        " --caption {output.caption} > {log} 2>&1"


rule figures:
    input:
        [
            figure_file(suffix, task, kind)
            for task, kind in plan.figures()
            for suffix in FIGURE_SUFFIXES
        ],
