import KubernetesAPI
import ProviderKit
import Values
import WorkloadSpec

extension KubernetesTable {
  // MARK: What it sees

  static let surroundings: [TemplateRow] = [
    .enforced(
      "env", "`env`; a variable with a secret in it refers to a Secret and is compared by a keyed digest",
      write: { writing, draft in
        draft.container["env"] = .array(
          ServiceVariables(of: writing.service, writing.writing, secretsIn: writing.config.secrets).list)
      }, read: { $1.env = $0.environment }),
    .stamped(
      "secrets.key",
      "looked up at each apply, and put into a Secret; a value that moved is seen by a keyed digest",
      write: { writing, draft in
        guard let name = writing.config.registry else { return }
        draft.add([["name": .string(name)]], to: ["imagePullSecrets"]) { $0["name"]?.string ?? "" }
      }
    ) { reading, service in service.secrets = reading.stated.secrets.filter(reading.isGiven) },
    .stamped(
      "secrets.type", "a variable, files that are mounted, or the pod's `imagePullSecrets`", read: { _, _ in }
    ),
    .stamped("secrets.as", "the variable, the path, the registry", read: { _, _ in }),
    .stamped(
      "secrets.mode",
      "`mode` of the mounted file, which the group or all get where `user` is not root; without it, 0400 for root, and 0440 or 0444 for others, with `fsGroup` or without",
      read: { _, _ in }),
    .recorded(
      "secrets.owner", because: "files of a pod belong to root, and to the group `on.kubernetes.fsGroup`",
      read: { _, _ in }),
    .enforced(
      "configFiles.path", "a file of a ConfigMap, or with a secret in it of a Secret, that is mounted alone",
      write: { writing, draft in writing.mountFiles(&draft) },
      read: { reading, service in service.configFiles = reading.stated.configFiles.compactMap(reading.live) }),
    .within("configFiles.content", "what the object holds; another content is another object"),
    .within("configFiles.name", "the key in the object"),
    .byBerth("configFiles.format", "checked when the spec is read") { _, _ in },
    .byBerth("configFiles.file", "read when the spec is: a release holds the content") { _, _ in },
    .byBerth("configFiles.folder", "read when the spec is: a release holds a config file for each") { _, _ in
    },
    .within(
      "configFiles.mode",
      "`mode` of the mounted file, which the group or all get where `user` is not root; without it, 0644"),
    .recorded(
      "configFiles.owner", because: "files of a pod belong to root, and to the group `on.kubernetes.fsGroup`"
    ) { _, _ in },
    .enforced(
      "annotations", "annotations of the pods",
      write: { writing, draft in
        for entry in writing.service.annotations.entries {
          if entry.key.hasPrefix(Mark.prefix) {
            draft.refuse(
              "the annotation `\(entry.key)` of service `\(writing.service.name)` is one that berth itself writes",
              help: "use another name")
          } else if !LabelText.isName(entry.key) {
            draft.refuse(
              "the annotation `\(entry.key)` of service `\(writing.service.name)` has a name that Kubernetes does not take",
              help: "write it as in `example.com/owner`")
          } else if let other = draft.annotations[entry.key], other != entry.value {
            draft.refuse(
              .sharedByPod,
              "the annotation `\(entry.key)` of service `\(writing.service.name)` is another one in its pod already",
              help: "state the same value for all, or the annotation for one service only")
          }
          draft.annotations[entry.key] = entry.value
        }
      },
      read: { reading, service in
        let live = reading.pod.metadata["annotations"]?.strings ?? [:]
        service.annotations = StringMap(
          reading.stated.annotations.entries.compactMap { entry in
            live[entry.key].map { (key: entry.key, value: $0) }
          })
      }),
  ]
}

extension ServiceWriting {
  /// Mounts the files that the service is given, each alone, so that nothing beside them is hidden.
  fileprivate func mountFiles(_ draft: inout PodDraft) {
    let files = MountedFile.all(of: service, group: writing.own.fsGroup)
    for isSecret in [false, true] {
      let some = files.filter { $0.isSecret == isSecret }
      guard !some.isEmpty else { continue }
      let name = isSecret ? ObjectNames.secrets(of: service.name) : ObjectNames.files(of: service.name)
      let items: JSON = .array(
        some.map { ["key": .string($0.key), "path": .string($0.key), "mode": .int(Int64($0.mode))] })
      draft.add(
        isSecret
          ? ["secret": ["secretName": .string(config.secrets ?? ""), "items": items]]
          : ["configMap": ["name": .string(config.files ?? ""), "items": items]], named: name)
      for file in some {
        draft.mount(name, at: file.path, subPath: file.key, isReadOnly: true)
        if file.mode > 0o777 {
          draft.refuse(
            "the file `\(file.path)` of service `\(service.name)` has permissions that Kubernetes does not take",
            help: "write three octal digits, such as `0640`")
        }
      }
    }
  }
}

extension ServiceReading {
  /// The variables that were stated, as they are. All others are the image's or berth's own.
  fileprivate var environment: StringMap {
    var live = StringMap()
    for entry in stated.env.entries {
      guard let variable = container["env"]?.element(named: entry.key) else { continue }
      if entry.holdsSecrets {
        let isOurs = pod.names.isConfig(
          variable.at("valueFrom", "secretKeyRef", "name")?.string, of: stated.name)
        live[entry.key] = isOurs ? entry.value : ConfigFile.withheldContent
      } else {
        let actual = Expansion.unescape(variable["value"]?.string ?? "")
        live[entry.key] = actual == stated.texts.fillText(entry.value) ? entry.value : actual
      }
    }
    return live
  }

  /// Whether the service is given a secret in the way that was stated.
  fileprivate func isGiven(_ secret: SecretReference) -> Bool {
    switch secret.type {
    case .env:
      pod.names.isConfig(
        container["env"]?.element(named: secret.as)?.at("valueFrom", "secretKeyRef", "name")?.string,
        of: stated.name)
    case .registry:
      pod.spec["imagePullSecrets"]?.array?.contains {
        pod.names.isConfig($0["name"]?.string, of: stated.name)
      } == true
    case .file, .tls:
      MountedFile.all(of: stated, group: pod.stamp.own.fsGroup).filter { $0.source == secret.identity }
        .allSatisfy { file in
          guard let place = place(of: file.path) else { return false }
          return pod.names.isConfig(place.volume.at("secret", "secretName")?.string, of: stated.name)
            && place.item?["mode"]?.int == Int64(file.mode)
        }
    }
  }

  /// What is mounted at a path: the volume, and of its items the one that is seen.
  private func place(of path: String) -> (volume: JSON, item: JSON?)? {
    guard let mount = container["volumeMounts"]?.array?.first(where: { $0["mountPath"]?.string == path }),
      let volume = mount["name"]?.string.flatMap({ pod.volume(named: $0) })
    else { return nil }
    let items = volume.at("configMap", "items") ?? volume.at("secret", "items")
    return (volume, items?.array?.first { $0["path"]?.string == mount["subPath"]?.string })
  }

  /// A config file as it is; nothing where it is not mounted. That its own object is gone is told of the object.
  fileprivate func live(_ file: ConfigFile) -> ConfigFile? {
    guard let place = place(of: stated.texts.fill(file.path)) else { return nil }
    var live = file
    if let mode = place.item?["mode"]?.int, let stated = file.mode {
      let user = container.at("securityContext", "runAsUser")?.int.map { "\($0)" }
      live.mode = MountedFile.mode(
        of: UInt32(truncatingIfNeeded: mode), statedAs: stated, by: user, group: pod.stamp.own.fsGroup)
    }
    if file.holdsSecrets {
      let isOurs = pod.names.isConfig(place.volume.at("secret", "secretName")?.string, of: stated.name)
      if !isOurs { live.content = ConfigFile.withheldContent }
      return live
    }
    guard let name = place.volume.at("configMap", "name")?.string else { return nil }
    guard let object = pod.objects.object(.configMaps, name) else {
      return pod.names.isConfig(name, of: stated.name) ? live : nil
    }
    guard let content = object["data"]?[place.item?["key"]?.string ?? ""]?.string else { return nil }
    live.content = content == stated.texts.fillText(file.content) ? file.content : content
    return live
  }
}
