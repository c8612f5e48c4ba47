rule figure:
    input:
        script="scripts/figure.py",
        tables=lambda wildcards: plan.figure_inputs(wildcards.kind, wildcards.task),
    output:
        svg=figure_file("svg"),
        png=report(
            figure_file("png"),
            caption="../report/figure.rst",
            category="Figures",
            subcategory="{task}",
            labels={"figure": "{kind}", "shown": "as picture"},
        ),
        table=report(
            figure_file("csv"),
            caption="../report/figure_table.rst",
            category="Figures",
            subcategory="{task}",
            labels={"figure": "{kind}", "shown": "as table"},
        ),
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
