extension DiagnosticCatalogue {
  /// What keeps the nodes of a cluster from being found or changed.
  static let clusters: [DiagnosticCode: DiagnosticEntry] = [
    .clusterWithoutNodes: DiagnosticEntry(
      title: "The cluster has no nodes",
      explanation: """
        Networks or volumes carry the labels of this cluster, and no node does: a deletion was broken off, or \
        its nodes were removed by hand. There is nothing to start or stop; `berth cluster delete` takes the \
        rest away.
        """,
      wrong: "berth cluster start dev # after its containers were removed by hand",
      right: "berth cluster delete dev"),
    .clustersUnavailable: DiagnosticEntry(
      title: "The target can't be asked for its clusters",
      explanation: """
        The engine that keeps the nodes can't be reached, refuses to talk or does not answer in time. This \
        says nothing about whether a cluster is there.
        """,
      wrong: "berth cluster list -t lab # while the engine of `lab` is down",
      right: "berth providers -t lab # tells when it answers"),
    .unknownCluster: DiagnosticEntry(
      title: "There is no such cluster",
      explanation: """
        The target was asked, and nothing on it is part of a cluster of this name. A cluster is known by the \
        whole name that it was made with: `dev` is not `dev-2`.
        """,
      wrong: "berth cluster start dve",
      right: "berth cluster start dev"),
    .unknownScheme: DiagnosticEntry(
      title: "There is no such scheme",
      explanation: """
        `--scheme` takes the name of what made the cluster. `berth cluster list --help` lists those that are \
        known.
        """,
      wrong: "berth cluster list --scheme k3",
      right: "berth cluster list --scheme k3d"),
    .ambiguousCluster: DiagnosticEntry(
      title: "The name means more than one cluster",
      explanation: """
        Clusters of different schemes can have the same name. `--scheme` says which one is meant.
        """,
      wrong: "berth cluster stop dev # where kind and k3d have each made a `dev`",
      right: "berth cluster stop dev --scheme kind"),
    .noClusterTarget: DiagnosticEntry(
      title: "The target keeps no clusters",
      explanation: """
        Nodes of clusters are kept by container engines. This target's provider runs workloads and has no \
        nodes.
        """,
      wrong: "berth cluster list -t local",
      right: "berth cluster list -t lab # with `lab: {provider: docker}` in berth.yaml"),
    .ambiguousClusterTarget: DiagnosticEntry(
      title: "More than one target keeps clusters",
      explanation: """
        berth.yaml has several targets that keep clusters, and its default is none of them. `-t` says which \
        one is meant; `berth cluster list --all-targets` shows the clusters of all.
        """,
      wrong: "berth cluster stop dev",
      right: "berth cluster stop dev -t lab"),
    .clusterChangeFailed: DiagnosticEntry(
      title: "A cluster could not be started, stopped or deleted wholly",
      explanation: """
        The message says which node, network or volume it was, and what the engine says. The others were \
        changed; the same command again does only what is left to do.
        """,
      wrong: "berth cluster delete dev # while another container is in the cluster's network",
      right: "docker network disconnect NETWORK CONTAINER, then berth cluster delete dev"),
    .nodesMoved: DiagnosticEntry(
      title: "Nodes have other addresses than before",
      explanation: """
        An engine gives a container any address that is free when it starts. Nodes of kind and Talos know each \
        other by address: if the cluster does not come up, stop it, stop what took the address, and start it \
        again, or make it anew.
        """,
      wrong:
        "a container that was started while the cluster was stopped, and took the address of one of its nodes",
      right: "berth cluster stop dev, docker stop OTHER, berth cluster start dev"),
    .clusterRemark: DiagnosticEntry(
      title: "Something beside the change did not work",
      explanation: """
        The cluster was changed as far as it was shown; what could not be done is something around it, such as \
        noting addresses.
        """,
      wrong: "an engine that stops answering after the last node was stopped",
      right: "berth cluster status dev"),
  ]
}
