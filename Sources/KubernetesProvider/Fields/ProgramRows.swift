import KubernetesAPI
import ProviderKit
import Values
import WorkloadSpec

extension KubernetesTable {
  // MARK: What runs

  static let program: [TemplateRow] = [
    .stamped("name", "`name` of the container", write: { $1.container["name"] = .string($0.service.name) }) {
      $1.name = $0.stated.name
    },
    .stamped(
      "role", "a container, an init container, or of one that runs once per run a Job with a pod of its own"
    ) { $1.role = $0.stated.role },
    .enforced(
      "image", "`image`",
      write: { writing, draft in
        guard let image = writing.service.image else {
          draft.refuse(
            "service `\(writing.service.name)` has no `image`, which containers are made from",
            help: "add an `image`")
          return
        }
        draft.container["image"] = .string(image)
      },
      read: { $1.image = $0.container["image"]?.string }),
    .enforced(
      "command", "`command`; without it, the image's own",
      write: { writing, draft in
        guard !writing.service.command.isEmpty else { return }
        draft.container["command"] = .array(writing.service.command.map(writing.expanded))
      },
      read: { $1.command = $0.live($0.stated.command, $0.container["command"]?.list) }),
    .enforced(
      "args", "`args`",
      write: { writing, draft in
        guard !writing.service.args.isEmpty else { return }
        draft.container["args"] = .array(writing.service.args.map(writing.expanded))
      },
      read: { $1.args = $0.live($0.stated.args, $0.container["args"]?.list) }),
  ]

  // MARK: How it is run

  static let process: [TemplateRow] = [
    .enforced(
      "platform", "`nodeSelector`: `kubernetes.io/os` and `kubernetes.io/arch`",
      write: { writing, draft in
        guard let platform = writing.service.platform else { return }
        let parts = platform.split(separator: "/").map(String.init)
        if parts.count > 2 {
          draft.refuse(
            "the platform `\(platform)` of service `\(writing.service.name)` names a variant of a processor, which nodes do not tell",
            help: "write `\(parts[0])/\(parts[1])`")
        }
        for (key, value) in zip(["kubernetes.io/os", "kubernetes.io/arch"], parts) {
          draft.set(["nodeSelector", key], .string(value), "platform", of: writing.service.name)
        }
      },
      read: { reading, service in
        guard reading.stated.platform != nil else { return }
        let selector = reading.pod.spec["nodeSelector"]
        guard let system = selector?["kubernetes.io/os"]?.string,
          let processor = selector?["kubernetes.io/arch"]?.string
        else { return }
        service.platform = "\(system)/\(processor)"
      }),
    .ofPod(
      "runtime", "`runtimeClassName`", \.runtime, at: ["runtimeClassName"],
      isGood: LabelText.isDomain, help: "name a RuntimeClass of the cluster"),
    .enforced(
      "workingDir", "`workingDir`; without it, the image's own",
      write: { writing, draft in
        guard let folder = writing.service.workingDir else { return }
        draft.container["workingDir"] = .string(writing.service.texts.fill(folder))
      },
      read: { reading, service in
        guard let stated = reading.stated.workingDir else { return }
        let live = reading.container["workingDir"]?.string
        service.workingDir = live == reading.stated.texts.fill(stated) ? stated : live
      }),
    .enforced(
      "user", "`runAsUser` and `runAsGroup`; without it, the image's own",
      write: { writing, draft in
        guard let user = writing.service.user else { return }
        let numbers = user.split(separator: ":").map { Int64($0) }
        guard let id = numbers.first ?? nil, !numbers.contains(nil) else {
          draft.refuse(
            "the user `\(user)` of service `\(writing.service.name)` is a name, and Kubernetes takes numbers",
            help: "write the numbers that its image has for user and group: `1000:1000`")
          return
        }
        draft.container[["securityContext", "runAsUser"]] = .int(id)
        if numbers.count > 1, let group = numbers[1] {
          draft.container[["securityContext", "runAsGroup"]] = .int(group)
        }
      },
      read: { reading, service in
        guard let stated = reading.stated.user else { return }
        guard let user = reading.container.at("securityContext", "runAsUser")?.int else { return }
        let group = reading.container.at("securityContext", "runAsGroup")?.int
        let live = ([user] + [group].compactMap(\.self)).map { String($0) }.joined(separator: ":")
        let isSame = stated.split(separator: ":").map { Int64($0) } == [user] + [group].compactMap(\.self)
        service.user = isSame ? stated : live
      }),
    .enforced(
      "groups", "`supplementalGroups` of the pod: all its containers have them",
      write: { writing, draft in
        let groups = writing.service.groups.elements
        let numbers = groups.compactMap { Int64($0) }
        guard numbers.count == groups.count else {
          draft.refuse(
            "service `\(writing.service.name)` has groups with names, and Kubernetes takes numbers",
            help: "write the numbers that its image has for them")
          return
        }
        draft.add(numbers.map(JSON.int), to: ["securityContext", "supplementalGroups"]) {
          String(format: $0.int ?? 0)
        }
      },
      read: { reading, service in
        guard !reading.stated.groups.isUnset else { return }
        let live =
          reading.pod.spec.at("securityContext", "supplementalGroups")?.array?.compactMap(\.int) ?? []
        let others = reading.others(\.groups)
        service.groups = StringSet(live.map { String($0) }.filter { !others.contains($0) })
      }),
    .ofPod(
      "hostname", "`hostname` of the pod; those of a stateful set have their own", \.hostname,
      at: ["hostname"], isGood: DNSLabel.isValid, help: DNSLabel.help),
    .recorded(
      "stopSignal", because: "Kubernetes sends the signal that the image names, or else `SIGTERM`"
    ) { $1.stopSignal = $0.stated.stopSignal },
    .recorded(
      "init", because: "Kubernetes adds no process to a container"
    ) { $1.`init` = $0.stated.`init` },
    .flag("tty", "`tty`", \.tty, at: ["tty"]),
    .flag("stdin", "`stdin`", \.stdin, at: ["stdin"]),
    .recorded(
      "logging.driver", because: "the nodes of a cluster keep what containers print"
    ) { $1.logging.driver = $0.stated.logging.driver },
    .recorded(
      "logging.options", because: "the nodes of a cluster keep what containers print"
    ) { $1.logging.options = $0.stated.logging.options },
  ]
}

extension TemplateRow {
  /// A truth value of the container that is not there where it is false.
  static func flag(
    _ path: String, _ words: String, _ member: WritableKeyPath<ServiceFields, Bool> & Sendable,
    at place: [String]
  ) -> TemplateRow {
    .enforced(
      path, words,
      write: { if $0.service[dynamicMember: member] { $1.container[place] = true } },
      read: { reading, service in
        if reading.container[place]?.bool == true { service[keyPath: member] = true }
      })
  }

  /// A text of the pod as a whole that is not there where none of its services states it.
  fileprivate static func ofPod(
    _ path: String, _ words: String, _ member: WritableKeyPath<ServiceFields, String?> & Sendable,
    at place: [String], isGood: @escaping @Sendable (String) -> Bool, help: String
  ) -> TemplateRow {
    .enforced(
      path, words,
      write: { writing, draft in
        guard let text = writing.service[dynamicMember: member] else { return }
        guard isGood(text) else {
          draft.refuse(
            "`\(path): \(text)` of service `\(writing.service.name)` is no name that Kubernetes takes",
            help: help)
          return
        }
        draft.set(place, .string(text), path, of: writing.service.name)
      },
      read: { reading, service in
        guard reading.stated[dynamicMember: member] != nil else { return }
        service[keyPath: member] = reading.pod.spec[place]?.string
      })
  }
}

extension String {
  /// A number as text that is ordered as numbers are.
  fileprivate init(format number: Int64) {
    let digits = String(number)
    self = String(repeating: "0", count: Swift.max(0, 20 - digits.count)) + digits
  }
}
