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
        networks=population_file("networks"),
        machine=population_file("machine"),
    log:
        f"results/{plan.name}/logs/population/{{task}}.log",
    benchmark:
        f"results/{plan.name}/benchmarks/population/{{task}}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=memory_mb,
        runtime=runtime_minutes,
    params:
        settings=lambda wildcards: plan.population_settings(wildcards.task),
        code=population_code(),
    shell:
        "python {input.script} --settings {params.settings:q} --threads {threads}"
        " --networks {output.networks} --machine {output.machine} > {log} 2>&1"


rule seconds:
    input:
        script="scripts/seconds.py",
        benchmarks=plan.benchmarks(),
    output:
        seconds=seconds_file(),
    log:
        f"results/{plan.name}/logs/seconds.log",
    benchmark:
        f"results/{plan.name}/benchmarks/seconds.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=memory_mb,
        runtime=runtime_minutes,
    params:
        settings=plan.seconds_settings(),
    shell:
        "python {input.script} --settings {params.settings:q} --threads {threads}"
        " --seconds {output.seconds} > {log} 2>&1"
