import ProviderKit
import Values
import WorkloadSpec

extension TaskRow {
  /// A field that is an option of the drivers that run images, and that other drivers have nothing for.
  ///
  /// - Parameters:
  ///   - docker: what Docker's driver calls it.
  ///   - podman: what Podman's driver calls it; `nil` if it has nothing for it.
  ///   - write: what it says, if it says anything.
  ///   - read: what the service states, by what the option says and what was stated.
  static func option<V>(
    _ path: String, _ words: String, _ member: WritableKeyPath<ServiceFields, V> & Sendable, docker: String,
    podman: String?, write: @escaping @Sendable (V, TaskWriting) -> JSON?,
    read: @escaping @Sendable (JSON, V, TaskReading) -> V?
  ) -> TaskRow {
    .enforced(
      path, words,
      write: { writing, draft in
        guard let name = writing.driver == .podman ? podman : docker,
          let value = write(writing.service.fields[keyPath: member], writing)
        else { return }
        draft[option: name] = value
      },
      read: { reading, service in
        guard let name = reading.driver == .podman ? podman : docker, let live = reading.option(name),
          let value = read(live, reading.stated.fields[keyPath: member], reading)
        else { return }
        service[keyPath: member] = value
      })
  }

  /// A truth value that is not there where it is false.
  static func flag(
    _ path: String, _ words: String, _ member: WritableKeyPath<ServiceFields, Bool> & Sendable,
    docker: String, podman: String?
  ) -> TaskRow {
    .option(
      path, words, member, docker: docker, podman: podman, write: { value, _ in value ? true : nil },
      read: { live, _, _ in live.bool })
  }

  /// A text that is not there where it is not stated.
  static func text(
    _ path: String, _ words: String, _ member: WritableKeyPath<ServiceFields, String?> & Sendable,
    docker: String, podman: String?
  ) -> TaskRow {
    .option(
      path, words, member, docker: docker, podman: podman,
      write: { value, writing in value.map(writing.option) },
      read: { live, stated, reading in reading.live(stated, live) })
  }

  /// A map of texts. Docker's driver has it as a list of maps, Podman's as a map.
  static func map(
    _ path: String, _ words: String, _ member: WritableKeyPath<ServiceFields, StringMap> & Sendable,
    docker: String, podman: String?
  ) -> TaskRow {
    .option(
      path, words, member, docker: docker, podman: podman,
      write: { map, writing in
        guard !map.isUnset else { return nil }
        let entries = JSON.object(
          map.entries.map { JSON.Member($0.key, .string(SpecText.escapeOption($0.value))) })
        return writing.driver == .docker ? [entries] : entries
      },
      read: { live, _, _ in
        let entries = live.optionMap
        return entries.isEmpty
          ? nil : StringMap(entries.map { (key: $0.key, value: SpecText.unescapeOption($0.value)) })
      })
  }
}

extension JSON {
  /// A map of a driver's options, which may stand alone or in a list.
  var optionMap: [String: String] {
    var entries: [String: String] = [:]
    for map in array ?? [self] { entries.merge(map.strings) { $1 } }
    return entries
  }
}
