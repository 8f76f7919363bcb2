import Foundation

/// The file into which a step of GitHub Actions, or of what is like it, writes what the page of the run shows.
enum StepSummary {
  /// The most bytes of a step's file: GitHub shows none of a larger one.
  private static let limit = 1 << 20

  /// Whether the pipeline has such a file.
  static func isWanted(_ console: Console) -> Bool { path(console) != nil }

  private static func path(_ console: Console) -> String? {
    console.job == .github ? Environment["GITHUB_STEP_SUMMARY"] : nil
  }

  /// Adds Markdown to it. Without a pipeline that has such a file there is nothing to do; one that can't be written to is no
  /// failure of what was done.
  static func add(_ markdown: @autoclosure () -> String, _ console: Console) {
    guard let path = path(console) else { return }
    let file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    guard file >= 0 else {
      return console.note("The summary of the step can't be written: \(String(cString: strerror(errno))).")
    }
    defer { close(file) }
    let text = Array((markdown() + "\n").utf8)
    var status = stat()
    guard fstat(file, &status) == 0, Int(status.st_size) + text.count <= limit else {
      return console.note("The summary of the step is full: what this command did is in its log alone.")
    }
    do throws(WriteError) {
      try StandardOutput.put(text, to: file)
    } catch {
      console.note("The summary of the step can't be written: \(String(cString: strerror(error.code))).")
    }
  }
}
