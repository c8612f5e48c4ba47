rule pages:
    input:
        stale=force_if_stale("pages"),
        population=lambda wildcards: timed(plan.tables_of_tasks("pages"), "pages", wildcards),
        scenes=lambda wildcards: timed(plan.page_inputs(), "pages", wildcards),
    output:
        folder=report(
            directory(outputs_of("pages")["folder"]),
            htmlindex="index.html",
            caption="../report/pages.rst",
            category="Pages",
            labels={"page": "all networks"},
        ),
    log:
        log_of("pages"),
    benchmark:
        benchmark_of("pages")
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=memory_mb,
    params:
        settings=settings_of("pages"),
        origin=origin_of("pages"),
    shell:
        command_of("pages")
