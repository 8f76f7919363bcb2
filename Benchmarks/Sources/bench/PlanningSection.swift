import Diagnostics

/// Planning against a full observation with 1 % of the workloads changed, against reading them; and how it grows.
enum PlanningSection {
  static func run() {
    let limit = "read, validate, type"
    let file = SourceFile(name: "generated.yaml", bytes: SpecGenerator.text(workloads: 5000))
    let work = PlanningWork(workloads: 5000)
    print("Planning: 20 000 services, \(work.changed) of 5000 workloads changed")
    var measure = Measure()
    measure.run(
      rounds: 9,
      [(limit, { SpecGenerator.load(file, workloads: 5000).count }), ("plan", { work.run() })])
    print(measure.table(against: limit), terminator: "\n\n")

    let smallest = "1000 services, a hundred times"
    let works = [250, 2500, 25_000].map { PlanningWork(workloads: $0) }
    print("Planning as it grows: always 100 000 services in all")
    var growth = Measure()
    growth.run(
      rounds: 3,
      [
        (smallest, { (0..<100).reduce(0) { sum, _ in sum + works[0].run() } }),
        ("10 000 services, ten times", { (0..<10).reduce(0) { sum, _ in sum + works[1].run() } }),
        ("100 000 services, once", { works[2].run() }),
      ])
    print(growth.table(against: smallest), terminator: "\n\n")
  }
}
