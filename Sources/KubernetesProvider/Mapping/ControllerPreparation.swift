import KubernetesAPI
import Values

/// What has to be taken out of a controller before another one is applied onto it.
///
/// A server merges what is applied into what is there. Older ones leave an empty probe behind where a probe is taken away,
/// and then refuse it; and they leave init containers in the order in which they are, and put new ones behind them. So what
/// would be left is taken away first, while the controller changes nothing: only what berth itself has applied.
struct ControllerPreparation {
  private let live: KubernetesObject
  private let wanted: KubernetesObject
  private var patch: JSON = [:]

  /// A strategic merge patch of a live controller; `nil` if applying another one leaves nothing behind.
  static func patch(of live: KubernetesObject, for wanted: KubernetesObject) -> JSON? {
    var preparation = ControllerPreparation(live: live, wanted: wanted)
    preparation.clearPod()
    preparation.clearVolumes()
    for list in ["containers", "initContainers"] { preparation.clearContainers(list) }
    preparation.clearOrder()
    guard preparation.patch != [:] else { return nil }
    var object = KubernetesObject(["kind": .string(live.kind)])
    ControllerObject.hold(&object)
    object.json[["spec", "template", "spec"]] = preparation.patch
    object["kind"] = nil
    return object.json
  }

  private init(live: KubernetesObject, wanted: KubernetesObject) {
    self.live = live
    self.wanted = wanted
  }

  private static let path = ["spec", "template", "spec"]

  private var pod: JSON { live.json[Self.path] ?? [:] }
  private var wantedPod: JSON { wanted.json[Self.path] ?? [:] }

  /// What berth has applied of the pod, as managed fields have it.
  private var owned: JSON {
    AppliedFields.of(live)?[Self.path.map { "f:\($0)" }] ?? [:]
  }

  /// Maps of texts: of those, nothing is left.
  private static let maps: Set<String> = ["nodeSelector", "limits", "requests", "matchLabels"]

  /// Whether something would be left of an object if another one were applied onto it.
  private static func leavesRest(_ live: JSON, _ wanted: JSON?, _ owned: JSON) -> Bool {
    guard let members = live.members else { return false }
    guard let wanted else { return true }
    return members.contains { member in
      guard !maps.contains(member.key), let below = owned["f:\(member.key)"] else { return false }
      return leavesRest(member.value, wanted[member.key], below)
    }
  }

  /// The members of an object of which something would be left.
  private static func rests(_ live: JSON, _ wanted: JSON, _ owned: JSON) -> [String] {
    (live.members ?? []).map(\.key).filter { key in
      guard !maps.contains(key), let below = owned["f:\(key)"], let value = live[key] else { return false }
      return leavesRest(value, wanted[key], below)
    }
  }

  private mutating func clearPod() {
    // An empty `dnsConfig` says nothing, and a policy may need the one that is there for now.
    for key in Self.rests(pod, wantedPod, owned) where key != "dnsConfig" { patch[key] = .null }
  }

  /// The element of a list with a name, as managed fields have it.
  private static func key(of name: String) -> String { "k:\((["name": .string(name)] as JSON).text)" }

  /// An element of a list that goes.
  private static func gone(_ key: String, _ value: String) -> JSON {
    ["$patch": "delete", key: .string(value)]
  }

  /// A volume that becomes something else goes, with what mounts it: nothing tells whose an empty `emptyDir` is.
  private mutating func clearVolumes() {
    let ours = owned["f:volumes"]
    let names = (pod["volumes"]?.array ?? []).compactMap { volume -> String? in
      guard let name = volume["name"]?.string, ours?[Self.key(of: name)] != nil,
        let other = wantedPod["volumes"]?.element(named: name)
      else { return nil }
      return (volume.members ?? []).contains { other[$0.key] == nil } ? name : nil
    }
    guard !names.isEmpty else { return }
    patch["volumes"] = .array(names.map { Self.gone("name", $0) })
    for list in ["containers", "initContainers"] {
      for container in pod[list]?.array ?? [] {
        let mounts = (container["volumeMounts"]?.array ?? []).filter { mount in
          names.contains { mount["name"]?.string == $0 }
        }
        guard !mounts.isEmpty, let name = container["name"]?.string else { continue }
        change(name, in: list) {
          $0["volumeMounts"] = .array(
            mounts.compactMap { $0["mountPath"]?.string }.map { Self.gone("mountPath", $0) })
        }
      }
    }
  }

  private mutating func clearContainers(_ list: String) {
    for container in pod[list]?.array ?? [] {
      guard let name = container["name"]?.string, let other = wantedPod[list]?.element(named: name),
        let below = owned["f:\(list)"]?[Self.key(of: name)]
      else { continue }
      let variables = (container["env"]?.array ?? []).compactMap { variable -> String? in
        guard let name = variable["name"]?.string, let wanted = other["env"]?.element(named: name),
          let below = below["f:env"]?[Self.key(of: name)]
        else { return nil }
        return Self.leavesRest(variable, wanted, below) ? name : nil
      }
      let rests = Self.rests(container, other, below)
      guard !variables.isEmpty || !rests.isEmpty else { continue }
      change(name, in: list) { patch in
        for key in rests { patch[key] = .null }
        if !variables.isEmpty { patch["env"] = .array(variables.map { Self.gone("name", $0) }) }
      }
    }
  }

  /// Init containers come in the order in which they are applied where there are none yet.
  private mutating func clearOrder() {
    func names(_ pod: JSON) -> [String] {
      (pod["initContainers"]?.array ?? []).compactMap { $0["name"]?.string }
    }
    let (wanted, there) = (names(wantedPod), names(pod))
    let merged = there.filter(wanted.contains) + wanted.filter { !there.contains($0) }
    if merged != wanted { patch["initContainers"] = .null }
  }

  /// Changes what is said of a container in the patch.
  private mutating func change(_ name: String, in list: String, _ change: (inout JSON) -> Void) {
    var containers = patch[list]?.array ?? []
    let index = containers.firstIndex { $0["name"]?.string == name } ?? containers.endIndex
    if index == containers.endIndex { containers.append(["name": .string(name)]) }
    change(&containers[index])
    patch[list] = .array(containers)
  }
}
