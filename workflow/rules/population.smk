rule population:
    input:
        **task_inputs("population"),
        stale=force_if_stale("population"),
    output:
        **shown_tables("population"),
    log:
        log_of("population"),
    benchmark:
        benchmark_of("population")
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=memory_mb,
    params:
        settings=settings_of("population"),
        origin=origin_of("population"),
    shell:
        command_of("population")


rule distances:
    input:
        **task_inputs("distances"),
        stale=force_if_stale("distances"),
    output:
        **shown_tables("distances"),
    log:
        log_of("distances"),
    benchmark:
        benchmark_of("distances")
    conda:
        "../../environment.yml"
    threads: plan.experiment.compute.threads
    resources:
        mem_mb=population_memory_mb,
    params:
        settings=settings_of("distances"),
        origin=origin_of("distances"),
    shell:
        command_of("distances")


rule statistics:
    input:
        **task_inputs("statistics"),
        stale=force_if_stale("statistics"),
    output:
        **shown_tables("statistics"),
    log:
        log_of("statistics"),
    benchmark:
        benchmark_of("statistics")
    conda:
        "../../environment.yml"
    threads: plan.experiment.compute.threads
    resources:
        mem_mb=population_memory_mb,
    params:
        settings=settings_of("statistics"),
        origin=origin_of("statistics"),
    shell:
        command_of("statistics")


rule convergence:
    input:
        **task_inputs("convergence"),
        stale=force_if_stale("convergence"),
    output:
        **shown_tables("convergence"),
    log:
        log_of("convergence"),
    benchmark:
        benchmark_of("convergence")
    conda:
        "../../environment.yml"
    threads: plan.experiment.compute.threads
    resources:
        mem_mb=population_memory_mb,
    params:
        settings=settings_of("convergence"),
        origin=origin_of("convergence"),
    shell:
        command_of("convergence")


rule findings:
    input:
        stale=force_if_stale("findings"),
        population=lambda wildcards: timed(plan.tables_of_tasks("findings"), "findings", wildcards),
        blocks=lambda wildcards: timed(plan.finding_files(), "findings", wildcards),
    output:
        findings=shown_table(outputs_of("findings")["findings"], "claims", "all tasks"),
        page=outputs_of("findings")["page"],
        html=report(
            outputs_of("findings")["html"],
            caption="../report/findings.rst",
            category="Findings",
            labels={"page": "every claim"},
        ),
    log:
        log_of("findings"),
    benchmark:
        benchmark_of("findings")
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=memory_mb,
    params:
        settings=settings_of("findings"),
        origin=origin_of("findings"),
    shell:
        command_of("findings")


rule seconds:
    input:
        stale=force_if_stale("seconds"),
        # Looked for when the jobs are planned.
        benchmarks=lambda wildcards: measured_jobs(plan, RESULTS),
    output:
        seconds=shown_table(outputs_of("seconds")["seconds"], "seconds", "all tasks"),
    log:
        log_of("seconds"),
    benchmark:
        benchmark_of("seconds")
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=memory_mb,
    params:
        settings=settings_of("seconds"),
        origin=origin_of("seconds"),
    shell:
        command_of("seconds")
