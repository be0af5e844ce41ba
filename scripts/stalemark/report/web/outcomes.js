// SPDX-License-Identifier: Apache-2.0
// Where reads were answered from: a bar per protocol, whose parts make 100%.

const outcomes = {
  limit: 16,

  model: (chart, limit) => ({ ...chosenOf(chart.bars, limit), outcomes: chart.outcomes }),

  height: ({ drawn }) => 64 + 26 * drawn.length,

  option({ drawn, outcomes: kinds }, look, width) {
    const names = drawn.map(nameOf);
    const room = roomForNames(names, width);
    return {
      grid: { left: room, right: 24, top: 8, bottom: 48 },
      xAxis: axis(look, "share of the reads", {
        type: "value",
        min: 0,
        max: 1,
        axisLabel: { formatter: (share) => `${Math.round(100 * share)}%` },
      }),
      yAxis: rowAxis(look, names, room),
      tooltip: {
        trigger: "axis",
        axisPointer: { type: "shadow" },
        formatter: (points) => {
          const each = drawn[points[0].dataIndex];
          return tip(
            nameOf(each),
            ...kinds
              .filter((kind) => each.shares[kind])
              .map(
                (kind) =>
                  `${kind.replace("_", " ")} ${percent(each.shares[kind])}` +
                  (kind === "hit" ? between(each, "hit", percent) : ""),
              ),
          );
        },
      },
      series: [
        ...kinds.map((kind) => ({
          type: "bar",
          stack: "all",
          name: kind,
          barWidth: "70%",
          itemStyle: { color: OUTCOMES[kind][0], borderColor: look.ground, borderWidth: 0.5 },
          data: drawn.map((each) => each.shares[kind]),
          label: {
            show: true,
            color: OUTCOMES[kind][1],
            fontSize: 11,
            formatter: ({ value }) =>
              value * (width - room) > 34 ? `${Math.round(100 * value)}%` : "",
          },
        })),
        whiskers(
          drawn
            .map((each, place) => each.hit_range && [place, ...each.hit_range, look.ink, 6])
            .filter(Boolean),
          "x",
          look,
        ),
      ],
    };
  },

  legend: ({ outcomes: kinds }) =>
    kinds.map((kind) => ({
      label: kind.replace("_", " "),
      look: { colour: OUTCOMES[kind][0], symbol: "square" },
    })),

  table: ({ drawn, outcomes: kinds }) => ({
    columns: ["Protocol", ...kinds.map((kind) => kind.replace("_", " "))],
    rows: drawn.map((each) => [
      nameOf(each),
      ...kinds.map(
        (kind) =>
          percent(each.shares[kind]) + (kind === "hit" ? between(each, "hit", percent) : ""),
      ),
    ]),
  }),
};
