rule population:
    input:
        script="scripts/population.py",
        training=lambda wildcards: plan.files("training", wildcards.task),
        dimensionality=lambda wildcards: plan.files("dimensionality", wildcards.task),
        fixed_points=lambda wildcards: plan.files("fixed_points", wildcards.task),
        searches=lambda wildcards: plan.files("searches", wildcards.task),
        continua=lambda wildcards: plan.files("continua", wildcards.task),
        stability=lambda wildcards: plan.files("stability", wildcards.task),
        edges=lambda wildcards: plan.files("edges", wildcards.task),
    output:
        networks=shown_table(population_file("networks"), "networks"),
        missing=shown_table(population_file("missing"), "missing"),
        state_machine=shown_table(population_file("state_machine"), "state_machine"),
    log:
        log_path(plan.name, "population", "{task}"),
    benchmark:
        benchmark_path(plan.name, "population", "{task}")
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=memory_mb,
    params:
        settings=lambda wildcards: plan.population_settings(wildcards.task),
        code=code_of(gathering_code, "population"),
    shell:
        "python {input.script} --settings {params.settings:q} --threads {threads}"
        " --networks {output.networks} --missing {output.missing}"
        " --state-machine {output.state_machine} > {log} 2>&1"


rule distances:
    input:
        script="scripts/distances.py",
        weights=lambda wildcards: plan.files("weights", wildcards.task),
        trajectories=lambda wildcards: plan.files("trajectories", wildcards.task),
        runs=lambda wildcards: plan.files("runs", wildcards.task),
        fixed_points=lambda wildcards: plan.files("fixed_points", wildcards.task),
        stability=lambda wildcards: plan.files("stability", wildcards.task),
        modes=lambda wildcards: plan.files("modes", wildcards.task),
        edges=lambda wildcards: plan.files("edges", wildcards.task),
    output:
        distances=shown_table(population_file("distances"), "distances"),
    log:
        log_path(plan.name, "distances", "{task}"),
    benchmark:
        benchmark_path(plan.name, "distances", "{task}")
    conda:
        "../../environment.yml"
    threads: plan.experiment.compute.threads
    resources:
        mem_mb=population_memory_mb,
    params:
        settings=lambda wildcards: plan.distances_settings(wildcards.task),
        code=code_of(gathering_code, "distances"),
    shell:
        "python {input.script} --settings {params.settings:q} --threads {threads}"
        " --distances {output.distances} > {log} 2>&1"


rule statistics:
    input:
        script="scripts/population_statistics.py",
        distances=population_file("distances"),
        networks=population_file("networks"),
        behaviour=lambda wildcards: plan.files("behaviour", wildcards.task),
    output:
        embedding=shown_table(population_file("embedding"), "embedding"),
        statistics=shown_table(population_file("statistics"), "statistics"),
        mantel=shown_table(population_file("mantel"), "mantel"),
        effects=shown_table(population_file("effects"), "effects"),
    log:
        log_path(plan.name, "statistics", "{task}"),
    benchmark:
        benchmark_path(plan.name, "statistics", "{task}")
    conda:
        "../../environment.yml"
    threads: plan.experiment.compute.threads
    resources:
        mem_mb=population_memory_mb,
    params:
        settings=lambda wildcards: plan.statistics_settings(wildcards.task),
        code=code_of(gathering_code, "statistics"),
    shell:
        "python {input.script} --settings {params.settings:q} --threads {threads}"
        " --distances {input.distances} --networks {input.networks}"
        " --embedding {output.embedding} --statistics {output.statistics}"
        " --mantel {output.mantel} --effects {output.effects} > {log} 2>&1"


rule findings:
    input:
        script="scripts/findings.py",
        population=[population_file(name, task) for name in POPULATION for task in plan.tasks()],
        blocks=plan.finding_files(),
    output:
        findings=shown_table(findings_file("parquet"), "claims", "all tasks"),
        page=findings_file("md"),
        html=report(
            findings_file("html"),
            caption="../report/findings.rst",
            category="Findings",
            labels={"page": "every claim"},
        ),
    log:
        log_path(plan.name, "findings"),
    benchmark:
        benchmark_path(plan.name, "findings")
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=memory_mb,
    params:
        settings=plan.findings_settings(),
        code=code_of(gathering_code, "findings"),
    shell:
        "python {input.script} --settings {params.settings:q} --threads {threads}"
        " --findings {output.findings} --page {output.page} --html {output.html} > {log} 2>&1"


rule seconds:
    input:
        script="scripts/seconds.py",
        benchmarks=plan.benchmarks(),
    output:
        seconds=shown_table(seconds_file(), "seconds", "all tasks"),
    log:
        log_path(plan.name, "seconds"),
    benchmark:
        benchmark_path(plan.name, "seconds")
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=memory_mb,
    params:
        settings=plan.seconds_settings(),
    shell:
        "python {input.script} --settings {params.settings:q} --threads {threads}"
        " --seconds {output.seconds} > {log} 2>&1"
