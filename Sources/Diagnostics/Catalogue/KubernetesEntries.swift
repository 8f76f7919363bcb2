extension DiagnosticCatalogue {
  static let kubernetes: [DiagnosticCode: DiagnosticEntry] = [
    .jointInName: DiagnosticEntry(
      title: "A name has two hyphens in a row",
      explanation: """
        On a cluster, berth joins the parts of an object's name with `--`, so that no two of them can be mistaken for each \
        other. A workload, a service or a volume whose own name has `--` can't be told from such a name.
        """,
      wrong: "name: shop--api # on a target of Kubernetes",
      right: "name: shop-api"),
    .nameTooLong: DiagnosticEntry(
      title: "A name is too long for what the cluster makes of it",
      explanation: """
        Names of Services, labels and volumes have 63 characters at most, and Kubernetes and berth make them of the names \
        of workloads and services: that of a stateful set with eleven characters more, that of a Job of the workload's and \
        the service's. Nomad finds a port by a name of 63 characters that has those of the workload and the service in it, and \
        takes paths of variables of 128. It is checked when a plan is made, so that no apply ends halfway.
        """,
      wrong: "name: a-stateful-set-with-a-name-of-more-than-fifty-two-characters",
      right: "name: a-stateful-set"),
    .nameBeginsWithDigit: DiagnosticEntry(
      title: "The name of a Service begins with a digit",
      explanation: """
        A workload with ports, and each stateful set, has a Service of its name on a cluster, and that begins with a letter.
        """,
      wrong: "name: 2048 # with ports, on a target of Kubernetes",
      right: "name: game-2048"),
    .sharedByPod: DiagnosticEntry(
      title: "Services of a pod differ in what they share",
      explanation: """
        The services of an instance are containers of one pod on a cluster. They share its network with all its ports, its \
        host name, how it finds names, and where it runs. What two of them state of such a thing must be the same, or stated \
        by one of them only.
        """,
      wrong: """
        services:
          - {name: api, image: shop/api:1, ports: [{container: 8080}]}
          - {name: admin, role: sidecar, image: shop/admin:1, ports: [{container: 8080}]}
        """,
      right: """
        services:
          - {name: api, image: shop/api:1, ports: [{container: 8080}]}
          - {name: admin, role: sidecar, image: shop/admin:1, ports: [{container: 8081}]}
        """),
    .fieldHeld: DiagnosticEntry(
      title: "Another client keeps a field that the spec states",
      explanation: """
        A cluster knows which client wrote each field of an object. This one was written by another client, such as `kubectl` \
        or an autoscaler, berth has not set it so far, and the spec states another value from now on. Both would write it in \
        turn. Leave the field to that client, or take it over: the plan shows then what is taken.
        """,
      wrong:
        "berth apply -f shop.yaml # where an autoscaler writes the number of replicas that the spec states",
      right: "berth apply -f shop.yaml --take-ownership"),
    .serverRefuses: DiagnosticEntry(
      title: "The servers of the cluster would refuse what an apply sends",
      explanation: """
        With `--check-server`, a plan asks the API server whether it would take the objects: it validates them and asks its \
        admission controllers, and keeps nothing. One of them refuses; the message has its words. Servers of Nomad are asked by \
        each plan whose token may register jobs.
        """,
      wrong: "berth apply -f shop.yaml # where a policy of the cluster refuses root",
      right: "berth plan -f shop.yaml --check-server"),
    .fieldChangedByOther: DiagnosticEntry(
      title: "Another client changed what berth had applied",
      explanation: """
        A cluster knows which client wrote each field of an object. The named one changed a field since berth applied it, which \
        is drift: this plan sets the field to what the spec says. If the client goes on writing it, leave the field out \
        of the spec.
        """,
      wrong: "kubectl set env deployment/shop LEVEL=debug",
      right: "env: {LEVEL: debug} # in the spec"),
    .fieldTaken: DiagnosticEntry(
      title: "A field is taken from another client",
      explanation: """
        The plan sets a field of an object that another client wrote last, since `--take-ownership` says so, or since it goes \
        back to a release or does what an operator asks. That client may write it again, until it is told otherwise.
        """,
      wrong: "kubectl scale deployment/shop --replicas 5 # beside a spec that states another number",
      right: "replicas: 5"),
    .noPlace: DiagnosticEntry(
      title: "No node takes all instances as things are now",
      explanation: """
        The scheduler of a Nomad cluster was asked where it would place the instances, and for some of them it finds no node: \
        those that are there have too little left, lack a driver or a volume, or break a constraint. The message has its \
        words. An apply begins all the same and waits for some minutes, since nodes may come. A token that may not register \
        jobs can't ask; then a plan says nothing of this.
        """,
      wrong: "resources: {memory: 64Gi} # where the largest node has 32 GiB",
      right: "resources: {memory: 16Gi}"),
    .orderNotKept: DiagnosticEntry(
      title: "The cluster does not keep the order of services",
      explanation: """
        The containers of a pod, and the tasks of an allocation, start at the same time. An init runs before them on every cluster, and from Kubernetes 1.29 \
        on a sidecar that main depends on is started first and waited for. Any other `dependsOn` is not kept: let the program \
        try again until what it needs is there.
        """,
      wrong: "dependsOn: [cache] # where cache is a sidecar, on Kubernetes 1.28",
      right: "role: init # for what has to be done before"),
  ]
}
