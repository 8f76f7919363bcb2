import KubernetesAPI
import ProviderKit
import WorkloadSpec

extension KubernetesTable {
  // MARK: What only Kubernetes knows of a service

  static let ofServices: [TemplateRow] =
    liveness + [
      .own(
        "preStop", "`preStop` of `lifecycle`: `exec`", \.preStop,
        write: { command, draft in
          if !command.isEmpty {
            draft.container[["lifecycle", "preStop", "exec", "command"]] = .texts(command)
          }
        },
        read: { $0.container.at("lifecycle", "preStop", "exec", "command")?.list ?? [] }),
      .own(
        "runAsNonRoot", "`runAsNonRoot`", \.runAsNonRoot,
        write: { if $0 { $1.container[["securityContext", "runAsNonRoot"]] = true } },
        read: { $0.container.at("securityContext", "runAsNonRoot")?.bool ?? false }),
      .own(
        "seccompProfile", "`seccompProfile`", \.seccompProfile,
        write: { profile, draft in
          guard let profile else { return }
          if draft.container.at("securityContext", "seccompProfile") != nil {
            draft.refuse(
              "a service states both `security.seccomp` and `on.kubernetes.seccompProfile`",
              help: "leave one of the two out")
          }
          let prefix = KubernetesService.localProfile
          draft.container[["securityContext", "seccompProfile"]] =
            profile.hasPrefix(prefix)
            ? ["type": "Localhost", "localhostProfile": .string(String(profile.dropFirst(prefix.count)))]
            : ["type": .string(profile)]
        },
        read: { reading in
          guard reading.stated.on[KubernetesService.self].seccompProfile != nil else { return nil }
          let live = reading.container.at("securityContext", "seccompProfile")
          return live?["localhostProfile"]?.string.map { KubernetesService.localProfile + $0 }
            ?? live?["type"]?.string
        }),
      .own(
        "gpuResource", "the resource that `resources.gpu` is a limit of", \.gpuResource,
        write: { _, _ in },
        read: { reading in
          let stated = reading.stated.on[KubernetesService.self].gpuResource
          // Without graphics processors, it is no resource at all.
          guard reading.stated.resources.gpu != nil,
            reading.container.at("resources", "limits", stated) == nil
          else { return stated }
          return KubernetesService().gpuResource
        }),
      .own(
        "resources", "`limits` and `requests`", \.resources,
        write: { resources, draft in
          let limits = draft.container.at("resources", "limits")
          let hasPages = resources.entries.contains { $0.key.hasPrefix("hugepages-") }
          if hasPages, limits?["cpu"] == nil, limits?["memory"] == nil {
            draft.refuse(
              "a service with huge pages states neither `cpu` nor `memory`, and Kubernetes refuses that",
              help: "add `memory` to its `resources`")
          }
          for entry in resources.entries {
            draft.setAmount(
              entry.key, ByteQuantity(amount: .string(entry.value))?.amount ?? .string(entry.value))
          }
        },
        read: { reading in
          StringMap(
            reading.stated.on[KubernetesService.self].resources.entries.compactMap { entry in
              guard let live = reading.container.at("resources", "limits", entry.key) else { return nil }
              let amount = ByteQuantity(amount: live)
              let isSame = amount == ByteQuantity(amount: .string(entry.value))
              return (key: entry.key, value: isSame ? entry.value : live.string ?? live.text)
            })
        }),
    ]

  private static let liveness: [TemplateRow] = [
    .enforced(
      "on.kubernetes.liveness.interval", "`periodSeconds` of the liveness probe",
      write: { writing, draft in
        guard writing.service.on[KubernetesService.self].liveness != nil,
          writing.service.healthCheck?.probe == nil
        else { return }
        draft.refuse(
          "service `\(writing.service.name)` has `on.kubernetes.liveness`, and no `healthCheck` that could be asked",
          help: "add a `healthCheck`")
      },
      read: { reading, service in
        guard let probe = reading.container["livenessProbe"] else { return }
        let stated = reading.stated.on[KubernetesService.self].liveness
        var live = Liveness()
        live.interval = .live(stated?.interval, probe["periodSeconds"]) ?? .seconds(10)
        live.timeout = .live(stated?.timeout, probe["timeoutSeconds"]) ?? .seconds(1)
        live.retries = probe["failureThreshold"]?.int.map { Int($0) } ?? 3
        live.startPeriod = reading.startPeriod(stated: stated?.startPeriod)
        service.on[KubernetesService.self].liveness = live
      }),
    .within("on.kubernetes.liveness.timeout", "`timeoutSeconds` of the liveness probe"),
    .within("on.kubernetes.liveness.retries", "`failureThreshold` of the liveness probe"),
    .within(
      "on.kubernetes.liveness.startPeriod",
      "`failureThreshold` of the startup probe: so many as are made in that time"),
  ]
}

extension ServiceReading {
  /// How long the first success may take, by the startup probe.
  fileprivate func startPeriod(stated: SpecDuration?) -> SpecDuration? {
    guard let probe = container["startupProbe"], let failures = probe["failureThreshold"]?.int,
      failures < Probes.unlimited
    else { return nil }
    let pause = probe["periodSeconds"]?.int ?? 10
    let (period, overflow) = failures.multipliedReportingOverflow(by: pause)
    guard !overflow else { return nil }
    let isSame = stated.map { max(1, ($0.wholeSeconds + pause - 1) / pause) == failures } ?? false
    return isSame ? stated : .seconds(period)
  }
}

extension TemplateRow {
  fileprivate static func own<V>(
    _ path: String, _ words: String, _ member: WritableKeyPath<KubernetesService, V> & Sendable,
    write: @escaping @Sendable (V, inout PodDraft) -> Void, read: @escaping @Sendable (ServiceReading) -> V
  ) -> TemplateRow {
    .enforced(
      "on.kubernetes.\(path)", words,
      write: { write($0.service.on[KubernetesService.self][keyPath: member], &$1) },
      read: { $1.on[KubernetesService.self][keyPath: member] = read($0) })
  }
}
