import ProviderKit
import Secrets
import Values
import WorkloadSpec

/// Where a template finds what its text does not have.
struct TemplateSources: Sendable {
  /// What keeps the names of services.
  let registry: NomadRegistry
  /// The path of the variable that holds the secrets; `nil` on a cluster without variables.
  let path: String?
  /// The keys in that variable, by the key of the secret.
  let items: [String: String]
  /// The values, by the key of the secret; `nil` where the job is made to be compared with.
  let values: [String: SecretValue]?

  /// The expression for the value of a secret; `nil` if the text itself has it.
  ///
  /// The values stand there in base64: they may hold any bytes.
  func secret(_ key: String) -> String? {
    guard let path else { return nil }
    return "base64Decode (index (nomadVar \(Self.quoted(path))) \(Self.quoted(items[key] ?? key))).Value"
  }

  /// The value of a secret as a text; a word that stands for it where values are not known.
  func value(_ key: String) -> String {
    guard let values else { return Self.unknown }
    return String(decoding: values[key]?.bytes ?? [], as: UTF8.self)
  }

  /// The value of a secret as a template has it in an expression.
  func quotedValue(_ key: String) -> String {
    values == nil ? "\"\(Self.unknown)\"" : Self.quoted(value(key))
  }

  /// The value of a secret as a template has it as it is.
  func open(_ key: String) -> String { SpecText.escapeTemplate(value(key)) }

  /// What stands for a value in a job that is only compared with: no text of a spec has it in it.
  static let unknown = "\0"

  /// Has a variable of the template be a part of the address of a service of another workload, or empty as long as there is none.
  func lookUp(_ reference: AddressReference, as index: Int) -> String {
    let name = JobNames.service(reference.service, reference.port ?? 0, of: reference.workload ?? "")
    let list = registry == .consul ? "service" : "nomadService"
    let part =
      switch reference.part {
      case .address: #"(printf "%s:%d" .Address .Port)"#
      case .host: ".Address"
      case .port: #"(printf "%d" .Port)"#
      }
    return "{{ $n\(index) := \"\" }}{{ range \(list) \(Self.quoted(name)) }}{{ if eq $n\(index) \"\" }}"
      + "{{ $n\(index) = \(part) }}{{ end }}{{ end }}"
  }

  /// A text as a template has it in an expression.
  static func quoted(_ text: String) -> String { JSON.string(text).text }
}
