rule harvest:
    input:
        script="scripts/harvest.py",
        weights=rules.train.output.weights,
    output:
        trajectories=block_file("trajectories"),
        components=block_file("components"),
        dimensionality=block_file("dimensionality"),
    log:
        log_file("harvest"),
    benchmark:
        benchmark_file("harvest")
    conda:
        "../../environment.yml"
    threads: plan.experiment.compute.threads
    resources:
        mem_mb=block_memory_mb,
    params:
        settings=block_settings("harvest"),
        code=code_of(stage_code, "harvest"),
    shell:
        "python {input.script} --settings {params.settings:q} --threads {threads}"
        " --weights {input.weights} --trajectories {output.trajectories}"
        " --components {output.components}"
        " --dimensionality {output.dimensionality} > {log} 2>&1"


rule behaviour:
    input:
        script="scripts/behaviour.py",
        weights=rules.train.output.weights,
    output:
        behaviour=block_file("behaviour"),
        runs=block_file("runs"),
    log:
        log_file("behaviour"),
    benchmark:
        benchmark_file("behaviour")
    conda:
        "../../environment.yml"
    threads: plan.experiment.compute.threads
    resources:
        mem_mb=block_memory_mb,
    params:
        settings=block_settings("behaviour"),
        code=code_of(stage_code, "behaviour"),
    shell:
        "python {input.script} --settings {params.settings:q} --threads {threads}"
        " --weights {input.weights} --behaviour {output.behaviour}"
        " --runs {output.runs} > {log} 2>&1"


rule branches:
    input:
        script="scripts/branches.py",
        weights=rules.train.output.weights,
        trajectories=rules.harvest.output.trajectories,
    output:
        branches=block_file("branches"),
        bifurcations=block_file("bifurcations"),
    log:
        log_file("branches"),
    benchmark:
        benchmark_file("branches")
    conda:
        "../../environment.yml"
    threads: plan.experiment.compute.threads
    resources:
        mem_mb=block_memory_mb,
    params:
        settings=block_settings("branches"),
        code=code_of(stage_code, "branches"),
    shell:
        "python {input.script} --settings {params.settings:q} --threads {threads}"
        " --weights {input.weights} --trajectories {input.trajectories}"
        " --branches {output.branches} --bifurcations {output.bifurcations} > {log} 2>&1"


rule fixed_points:
    input:
        script="scripts/fixed_points.py",
        weights=rules.train.output.weights,
        trajectories=rules.harvest.output.trajectories,
    output:
        fixed_points=block_file("fixed_points"),
        orbits=block_file("orbits"),
        snapshots=block_file("snapshots"),
        searches=block_file("searches"),
    log:
        log_file("fixed_points"),
    benchmark:
        benchmark_file("fixed_points")
    conda:
        "../../environment.yml"
    threads: plan.experiment.compute.threads
    resources:
        mem_mb=block_memory_mb,
        device=plan.experiment.compute.device,
        gpu=GPUS,
    params:
        settings=block_settings("fixed_points"),
        code=code_of(stage_code, "fixed_points"),
    shell:
        "python {input.script} --settings {params.settings:q} --threads {threads}"
        " --device {resources.device}"
        " --weights {input.weights} --trajectories {input.trajectories}"
        " --fixed-points {output.fixed_points} --orbits {output.orbits}"
        " --snapshots {output.snapshots} --searches {output.searches} > {log} 2>&1"


rule continua:
    input:
        script="scripts/continua.py",
        weights=rules.train.output.weights,
        trajectories=rules.harvest.output.trajectories,
        fixed_points=rules.fixed_points.output.fixed_points,
    output:
        continua=block_file("continua"),
        continuum_points=block_file("continuum_points"),
    log:
        log_file("continua"),
    benchmark:
        benchmark_file("continua")
    conda:
        "../../environment.yml"
    threads: plan.experiment.compute.threads
    resources:
        mem_mb=block_memory_mb,
    params:
        settings=block_settings("continua"),
        code=code_of(stage_code, "continua"),
    shell:
        "python {input.script} --settings {params.settings:q} --threads {threads}"
        " --weights {input.weights} --trajectories {input.trajectories}"
        " --fixed-points {input.fixed_points} --continua {output.continua}"
        " --continuum-points {output.continuum_points} > {log} 2>&1"


rule stability:
    input:
        script="scripts/stability.py",
        weights=rules.train.output.weights,
        fixed_points=rules.fixed_points.output.fixed_points,
    output:
        stability=block_file("stability"),
        modes=block_file("modes"),
        responses=block_file("responses"),
        reduced=block_file("reduced"),
    log:
        log_file("stability"),
    benchmark:
        benchmark_file("stability")
    conda:
        "../../environment.yml"
    threads: plan.experiment.compute.threads
    resources:
        mem_mb=block_memory_mb,
    params:
        settings=block_settings("stability"),
        code=code_of(stage_code, "stability"),
    shell:
        "python {input.script} --settings {params.settings:q} --threads {threads}"
        " --weights {input.weights} --fixed-points {input.fixed_points}"
        " --stability {output.stability} --modes {output.modes}"
        " --responses {output.responses} --reduced {output.reduced} > {log} 2>&1"


rule graph:
    input:
        script="scripts/graph.py",
        weights=rules.train.output.weights,
        fixed_points=rules.fixed_points.output.fixed_points,
        orbits=rules.fixed_points.output.orbits,
        searches=rules.fixed_points.output.searches,
        stability=rules.stability.output.stability,
        modes=rules.stability.output.modes,
    output:
        edges=block_file("edges"),
        graphs=block_file("graphs"),
    log:
        log_file("graph"),
    benchmark:
        benchmark_file("graph")
    conda:
        "../../environment.yml"
    threads: plan.experiment.compute.threads
    resources:
        mem_mb=block_memory_mb,
    params:
        settings=block_settings("graph"),
        code=code_of(stage_code, "graph"),
    shell:
        "python {input.script} --settings {params.settings:q} --threads {threads}"
        " --weights {input.weights} --fixed-points {input.fixed_points}"
        " --orbits {input.orbits} --searches {input.searches}"
        " --stability {input.stability} --modes {input.modes}"
        " --edges {output.edges} --graphs {output.graphs} > {log} 2>&1"
