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
      title: "A name is too long for what Kubernetes makes of it",
      explanation: """
        Names of Services, labels and volumes have 63 characters at most, and Kubernetes and berth make them of the names \
        of workloads and services: that of a stateful set with eleven characters more, that of a Job of the workload's and \
        the service's. It is checked when a plan is made, so that no apply ends halfway.
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
    .orderNotKept: DiagnosticEntry(
      title: "The cluster does not keep the order of services",
      explanation: """
        The containers of a pod start at the same time. An init runs before them on every cluster, and from Kubernetes 1.29 \
        on a sidecar that main depends on is started first and waited for. Any other `dependsOn` is not kept: let the program \
        try again until what it needs is there.
        """,
      wrong: "dependsOn: [cache] # where cache is a sidecar, on Kubernetes 1.28",
      right: "role: init # for what has to be done before"),
  ]
}
