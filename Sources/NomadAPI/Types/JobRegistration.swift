import Values

/// What must be so for a job to be registered.
package enum JobCheck: Sendable, Hashable {
  /// Nothing.
  case none
  /// That there is no such job.
  case absent
  /// That the job is the one that has this ``NomadJob/jobModifyIndex``.
  case unchanged(since: UInt64)

  func apply(to body: inout JSON) {
    switch self {
    case .none: return
    case .absent: body["JobModifyIndex"] = 0
    case .unchanged(let index): body["JobModifyIndex"] = .int(Int64(clamping: index))
    }
    body["EnforceIndex"] = true
  }
}

/// What came of registering a job.
package struct Registration: Sendable, Hashable {
  /// The evaluation that places its allocations; `nil` for what runs at times or when it is dispatched.
  package let evaluation: String?
  /// The index that the job has now. It stays what it was where nothing changed.
  package let jobModifyIndex: UInt64
  /// What the agent warns of; empty if it does not.
  package let warnings: String
  /// The state in which it was done.
  package let index: UInt64

  init(_ json: JSON, index: UInt64) {
    let id = json.text("EvalID")
    evaluation = id.isEmpty ? nil : id
    jobModifyIndex = json.state("JobModifyIndex")
    warnings = json.text("Warnings")
    self.index = index
  }

  init(_ job: NomadJob) {
    evaluation = nil
    jobModifyIndex = job.jobModifyIndex
    warnings = ""
    index = job.modifyIndex
  }
}

/// What an agent says of a job that is not registered.
package struct JobValidation: Sendable, Hashable {
  /// The rules that it breaks, each in its own words; empty if it breaks none.
  package let errors: [String]
  /// What the agent warns of; empty if it does not.
  package let warnings: String

  init(_ json: JSON) {
    let error = json.text("Error")
    let errors = json.texts("ValidationErrors")
    self.errors = errors.isEmpty && !error.isEmpty ? [error] : errors
    warnings = json.text("Warnings")
  }
}
