import KubernetesAPI
import ProviderKit
import WorkloadSpec

extension KubernetesTable {
  // MARK: How it lives

  static func life(_ facts: EngineFacts) -> [TemplateRow] { [order(facts)] + ending }

  private static let ending: [TemplateRow] = [
    TemplateRow(
      field: FieldRow(
        "services.restart",
        .recorded(because: "a Deployment or StatefulSet starts each container again that ends"),
        cost: .inPlace, "nothing"),
      write: { writing, draft in
        let service = writing.service
        guard service.restart == .never, !service.role.isRunToEnd else { return }
        draft.refuse(
          "service `\(service.name)` is never to be started again, and a Deployment or StatefulSet starts each container again that ends",
          help: "leave out `restart`, or use `role: init` or `role: before` for what runs to its end")
      },
      read: { $1.restart = $0.stated.restart }),
    .recorded("maxRestarts", because: "a kubelet starts a container again without end") {
      $1.maxRestarts = $0.stated.maxRestarts
    },
    .enforced(
      "stopGrace",
      "`terminationGracePeriodSeconds` of the pod: the longest of its containers, in whole seconds, rounded up",
      write: { writing, draft in
        let seconds = writing.service.stopGrace.graceSeconds
        let other = draft.pod["terminationGracePeriodSeconds"]?.int ?? 0
        draft.pod["terminationGracePeriodSeconds"] = .int(max(seconds, other))
      },
      read: { reading, service in
        let made = reading.pod.stamp.services.map(\.spec.stopGrace.graceSeconds).max()
        let live = reading.pod.spec["terminationGracePeriodSeconds"]?.int ?? 30
        service.stopGrace = live == made ? reading.stated.stopGrace : .seconds(live)
      }),
    .enforced(
      "pullPolicy", "`imagePullPolicy`; a change of it alone waits for the next new pods", cost: .inPlace,
      write: { $1.container["imagePullPolicy"] = .string($0.service.pullPolicy.onCluster) },
      read: { reading, service in
        let live = reading.container["imagePullPolicy"]?.string
        service.pullPolicy =
          [.always, .missing, .never].first { $0.onCluster == live } ?? reading.stated.pullPolicy
      }),
  ]

  private static func order(_ facts: EngineFacts) -> TemplateRow {
    let write: TemplateRow.Write = { writing, draft in
      if writing.order.native.contains(writing.service.name) { draft.container["restartPolicy"] = "Always" }
    }
    let read: TemplateRow.Read = { reading, service in
      let order = reading.pod.order
      let live = (reading.pod.spec["initContainers"]?.array ?? []).compactMap { $0["name"]?.string }
      // What others have added to the pod is none of its services.
      let ours = live.filter { name in reading.pod.stamp[name] != nil }
      if ours == order.initial { service.dependsOn = reading.stated.dependsOn }
    }
    guard facts.obstacle(to: .nativeSidecars) != nil else {
      return .enforced(
        "dependsOn",
        "the order of init containers; a sidecar that main needs is one that stays and has to be ready first",
        write: write, read: read)
    }
    return .byBerth(
      "dependsOn", "the order of init containers; all others start at the same time here", cost: .replace,
      write: write, read: read)
  }
}

extension SpecDuration {
  /// In whole seconds, no less than it is.
  fileprivate var graceSeconds: Int64 { (milliseconds + 999) / 1000 }
}

extension PullPolicy {
  /// As Kubernetes calls it.
  fileprivate var onCluster: String {
    switch self {
    case .always: "Always"
    case .missing: "IfNotPresent"
    case .never: "Never"
    }
  }
}
