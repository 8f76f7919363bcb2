import KubernetesAPI
import ProviderKit
import Values
import WorkloadSpec

extension KubernetesTable {
  // MARK: What only Kubernetes knows of a workload

  static let ofWorkload: [WorkloadRow] = account + placement + surroundingsOfPods + besides

  private static let account: [WorkloadRow] = [
    .ofPods(
      "serviceAccount",
      "`serviceAccountName`; without it, `default` with `automountServiceAccountToken: false`",
      write: { writing, draft in
        // A server would keep the name of an account that is no longer stated.
        draft.pod["serviceAccountName"] = .string(writing.own.serviceAccount ?? "default")
        if writing.own.serviceAccount == nil { draft.pod["automountServiceAccountToken"] = false }
      },
      read: { reading, own in
        guard reading.stamp.own.serviceAccount != nil else { return }
        own.serviceAccount = reading.spec["serviceAccountName"]?.string
      })
  ]

  private static let placement: [WorkloadRow] = [
    .ofPods(
      "nodeSelector", "`nodeSelector`",
      write: { writing, draft in
        for entry in writing.own.nodeSelector.entries {
          if let other = draft.pod.at("nodeSelector", entry.key)?.string, other != entry.value {
            draft.refuse(
              .sharedByPod,
              "`on.kubernetes.nodeSelector` wants `\(entry.key): \(entry.value)`, and the `platform` of a service `\(other)`",
              help: "leave one of the two out")
          }
          draft.pod[["nodeSelector", entry.key]] = .string(entry.value)
        }
      },
      read: { reading, own in
        own.nodeSelector = StringMap(
          reading.stamp.own.nodeSelector.entries.compactMap { entry in
            reading.spec.at("nodeSelector", entry.key)?.string.map { (key: entry.key, value: $0) }
          })
      }),
    .ofPods(
      "tolerations", "`tolerations`",
      write: { writing, draft in
        guard !writing.own.tolerations.isEmpty else { return }
        draft.pod["tolerations"] = .array(writing.own.tolerations.map(\.json))
      },
      read: { reading, own in
        guard !reading.stamp.own.tolerations.isEmpty else { return }
        let live = (reading.spec["tolerations"]?.array ?? []).map { Toleration($0) }
        // A pod gets more of its cluster than its template has.
        let stated = reading.stamp.own.tolerations
        own.tolerations = stated.allSatisfy(live.contains) ? stated : live
      }),
    .ofPods(
      "affinity", "`affinity`",
      write: { writing, draft in
        guard !writing.own.affinity.isUnset else { return }
        draft.pod["affinity"] = JSON(writing.own.affinity.value)
      },
      read: { reading, own in
        let stated = reading.stamp.own.affinity
        guard !stated.isUnset, let live = reading.spec["affinity"] else { return }
        own.affinity = live.contains(JSON(stated.value)) ? stated : Tree(live.value)
      }),
    .ofPods(
      "topologySpread", "`topologySpreadConstraints`, for the pods of the workload",
      write: { writing, draft in
        guard !writing.own.topologySpread.isEmpty else { return }
        draft.pod["topologySpreadConstraints"] = .array(
          writing.own.topologySpread.map { spread in
            [
              "topologyKey": .string(spread.topologyKey), "maxSkew": .int(Int64(spread.maxSkew)),
              "whenUnsatisfiable": .string(spread.otherwise.rawValue),
              "labelSelector": ["matchLabels": [Mark.workload: .string(writing.key.name)]],
            ]
          })
      },
      read: { reading, own in
        guard !reading.stamp.own.topologySpread.isEmpty else { return }
        own.topologySpread = (reading.spec["topologySpreadConstraints"]?.array ?? []).map { live in
          var spread = TopologySpread()
          spread.topologyKey = live["topologyKey"]?.string ?? ""
          spread.maxSkew = live["maxSkew"]?.int.map { Int($0) } ?? 1
          spread.otherwise =
            live["whenUnsatisfiable"]?.string.flatMap(Unsatisfiable.init) ?? .doNotSchedule
          return spread
        }
      }),
    .text("priorityClass", "`priorityClassName`", \.priorityClass, at: ["priorityClassName"]),
  ]

  private static let surroundingsOfPods: [WorkloadRow] = [
    .ofPods(
      "fsGroup", "`fsGroup` of the pod: the kubelet gives volumes and mounted files to it",
      write: { writing, draft in
        if let group = writing.own.fsGroup { draft.pod[["securityContext", "fsGroup"]] = .int(Int64(group)) }
      },
      read: { reading, own in
        guard reading.stamp.own.fsGroup != nil else { return }
        own.fsGroup = reading.spec.at("securityContext", "fsGroup")?.int.map { Int($0) }
      }),
    .ofPods(
      "dnsPolicy", "`dnsPolicy`",
      write: { writing, draft in
        let hasServers = draft.pod.at("dnsConfig", "nameservers") != nil
        let isOfHost = draft.pod["hostNetwork"]?.bool == true
        let policy =
          writing.own.dnsPolicy ?? (hasServers ? .stated : isOfHost ? .clusterFirstWithHostNet : nil)
        if let policy { draft.pod["dnsPolicy"] = .string(policy.rawValue) }
      },
      read: { reading, own in
        guard reading.stamp.own.dnsPolicy != nil else { return }
        own.dnsPolicy = reading.spec["dnsPolicy"]?.string.flatMap(DNSPolicy.init)
      }),
  ]

  private static let besides: [WorkloadRow] = [
    .budget("minAvailable", \.minAvailable),
    .budget("maxUnavailable", \.maxUnavailable),
    .besides("annotations", "annotations of the Deployment or StatefulSet") { reading, own in
      own.annotations = reading.live(reading.applied.own.annotations, of: reading.controller)
    },
    .besides("serviceType", "`type` of the Service") { reading, own in
      let live = reading.service?.at("spec", "type")?.string.flatMap(ServiceType.init)
      own.serviceType = live ?? reading.applied.own.serviceType
    },
    .besides("serviceAnnotations", "annotations of the Service") { reading, own in
      own.serviceAnnotations = reading.live(
        reading.applied.own.serviceAnnotations,
        of: reading.service)
    },
    .besides("externalTraffic", "`externalTrafficPolicy` of the Service") { reading, own in
      let stated = reading.applied.own.externalTraffic
      let live = reading.service?.at("spec", "externalTrafficPolicy")?.string.flatMap(ExternalTraffic.init)
      own.externalTraffic = own.serviceType == .clusterIP ? stated : live ?? stated
    },
    .besides("sourceRanges", "`loadBalancerSourceRanges` of the Service") { reading, own in
      guard let service = reading.service else { return own.sourceRanges = reading.applied.own.sourceRanges }
      own.sourceRanges = StringSet(service.at("spec", "loadBalancerSourceRanges")?.list ?? [])
    },
    .besides("revisionHistory", "`revisionHistoryLimit`") { reading, own in
      let stated = reading.applied.own.revisionHistory
      guard stated != nil else { return }
      let live = reading.controller?.at("spec", "revisionHistoryLimit")?.int.map { Int($0) }
      own.revisionHistory = reading.controller == nil ? stated : live
    },
  ]
}

extension PodReading {
  /// The Service by which the workload is reached, if it was listed.
  fileprivate var service: JSON? { objects.object(.services, names.service)?.json }

  /// The controller, if it was listed.
  fileprivate var controller: JSON? {
    (objects.all(.deployments) + objects.all(.statefulSets)).first?.json
  }

  /// Annotations that were stated like this, as an object has them; as they were stated where it was not listed.
  fileprivate func live(_ stated: StringMap, of object: JSON?) -> StringMap {
    guard let object else { return stated }
    let live = object.at("metadata", "annotations")?.strings ?? [:]
    return StringMap(
      stated.entries.compactMap { entry in live[entry.key].map { (key: entry.key, value: $0) } })
  }
}

extension WorkloadRow {
  fileprivate static func budget(
    _ name: String, _ member: WritableKeyPath<DisruptionBudget, String?> & Sendable
  ) -> WorkloadRow {
    .besides("budget.\(name)", "`\(name)` of a PodDisruptionBudget") { reading, own in
      let type = ResourceType.budgets(on: reading.facts)
      let live = reading.objects.object(type, reading.names.budget)
      own.budget[keyPath: member] = live?["spec"]?[name]?.shareText
    }
  }
}

extension Toleration {
  /// As a pod has it.
  fileprivate var json: JSON {
    var json: JSON = ["operator": value == nil ? "Exists" : "Equal"]
    if let key { json["key"] = .string(key) }
    if let value { json["value"] = .string(value) }
    if let effect { json["effect"] = .string(effect.rawValue) }
    if let seconds { json["tolerationSeconds"] = .int(Int64(seconds)) }
    return json
  }

  /// As a pod has it.
  fileprivate init(_ json: JSON) {
    self.init()
    key = json["key"]?.string
    value = json["operator"]?.string == "Exists" ? nil : json["value"]?.string ?? ""
    effect = json["effect"]?.string.flatMap(TaintEffect.init)
    seconds = json["tolerationSeconds"]?.int.map { Int($0) }
  }
}
