import KubernetesAPI
import Planning
import ProviderKit
import Values

/// A register as an object of a cluster, written and read.
enum RegisterObject {
  /// The key of the bytes in the data of a ConfigMap or Secret.
  private static let key = "contents"

  /// The object that keeps some bytes.
  ///
  /// - Parameter version: the version of the register that it takes the place of; `nil` for a new one.
  static func write(
    _ contents: [UInt8], as name: String, at place: RegisterPlace, over version: ObjectVersion? = nil
  ) -> KubernetesObject {
    var object = KubernetesObject(place.type, name: place.object, namespace: place.namespace)
    var annotations: JSON = [
      Mark.register: .string(name), Mark.write: .string(String(UInt64.random(in: .min ... .max), radix: 36)),
    ]
    switch place.part {
    case .lock:
      annotations[Mark.contents] = .string(String(decoding: contents, as: UTF8.self))
      object["spec"] = lease(contents)
    case .key:
      object["type"] = "Opaque"
      object["data"] = [key: .string(Base64.encode(contents))]
    default:
      // Text stays readable; a piece of larger content may end within a character.
      if let text = String(validating: contents, as: UTF8.self) {
        object["data"] = [key: .string(text)]
      } else {
        object["binaryData"] = [key: .string(Base64.encode(contents))]
      }
    }
    object.metadata["labels"] = .object(
      place.labels.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .string($0.value)) })
    object.metadata["annotations"] = annotations
    if let version {
      object.metadata["uid"] = .string(version.uid)
      object.metadata["resourceVersion"] = .string(version.resourceVersion)
    }
    return object
  }

  /// What `kubectl get lease` shows of a lock.
  private static func lease(_ contents: [UInt8]) -> JSON {
    guard let holder = RegisterStore<ClusterRegisters>.holder(ofLock: contents) else { return [:] }
    let (seconds, rest) = (holder.since.milliseconds / 1000, holder.since.milliseconds % 1000)
    let fraction = String(1000 + rest).dropFirst()
    let time = ServerTime(seconds: seconds).description.dropLast()
    return ["holderIdentity": .string(holder.description), "acquireTime": .string("\(time).\(fraction)000Z")]
  }

  /// The register that an object keeps.
  ///
  /// - Parameter hasContents: whether the object has more than its metadata.
  /// - Returns: `nil` if it keeps none: berth did not create it, or not in this place.
  static func read(_ object: KubernetesObject, hasContents: Bool = true) -> Register? {
    guard let name = object.annotations[Mark.register], let place = try? RegisterPlace(name),
      place.namespace == object.namespace, place.object == object.name
    else { return nil }
    var contents: [UInt8]? = []
    if hasContents {
      switch place.part {
      case .lock: contents = object.annotations[Mark.contents].map { Array($0.utf8) }
      case .key: contents = base64(object["data"])
      default:
        contents = object.json.at("data", key)?.string.map { Array($0.utf8) } ?? base64(object["binaryData"])
      }
    }
    // What holds nothing is damaged, and found out by its checksum.
    return Register(name: name, version: ObjectVersion(object).register, contents: contents ?? [])
  }

  private static func base64(_ data: JSON?) -> [UInt8]? { data?[key]?.string.flatMap { Base64.decode($0) } }
}

/// Which state of which object is meant.
struct ObjectVersion: Equatable {
  let resourceVersion: String
  let uid: String

  init(_ object: KubernetesObject) { (resourceVersion, uid) = (object.resourceVersion, object.uid) }

  /// Reads what ``register`` wrote; `nil` if it is something else.
  init?(_ version: RegisterVersion) {
    let words = version.text.split(separator: " ").map(String.init)
    guard words.count == 2 else { return nil }
    (resourceVersion, uid) = (words[0], words[1])
  }

  var register: RegisterVersion { RegisterVersion("\(resourceVersion) \(uid)") }
}
