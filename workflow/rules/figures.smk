rule figure:
    input:
        stale=force_if_stale("figure"),
        tables=lambda wildcards: timed(
            plan.figure_inputs(wildcards.kind, wildcards.task), "figure", wildcards
        ),
    output:
        svg=outputs_of("figure")["svg"],
        png=report(
            outputs_of("figure")["png"],
            caption="../report/figure.rst",
            category="Figures",
            subcategory="{task}",
            labels={"figure": "{kind}", "shown": "as picture"},
        ),
        table=report(
            outputs_of("figure")["table"],
            caption="../report/figure_table.rst",
            category="Figures",
            subcategory="{task}",
            labels={"figure": "{kind}", "shown": "as table"},
        ),
        caption=outputs_of("figure")["caption"],
    log:
        log_of("figure"),
    benchmark:
        benchmark_of("figure")
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=memory_mb,
    params:
        settings=settings_of("figure"),
        origin=origin_of("figure"),
    shell:
        command_of("figure")


rule figures:
    input:
        plan.stage_files("figure"),
    localrule: True
