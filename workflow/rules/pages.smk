rule pages:
    input:
        script="scripts/pages.py",
        networks=[population_file("networks", task) for task in plan.tasks()],
        embedding=[population_file("embedding", task) for task in plan.tasks()],
        scenes=plan.scene_folders(),
    output:
        folder=report(
            directory(pages_folder(plan.name)),
            htmlindex="index.html",
            caption="../report/pages.rst",
            category="Pages",
            labels={"page": "all networks"},
        ),
    log:
        log_path(plan.name, "pages"),
    benchmark:
        benchmark_path(plan.name, "pages")
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=memory_mb,
    params:
        settings=plan.pages_settings(),
        code=code_of(gathering_code, "pages"),
    shell:
        "python {input.script} --settings {params.settings:q} --threads {threads}"
        " --folder {output.folder} > {log} 2>&1"
