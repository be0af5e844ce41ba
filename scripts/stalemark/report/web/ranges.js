// SPDX-License-Identifier: Apache-2.0
// A point and its range in each row: exposed writes, and what was measured over what was predicted.

const exposure = {
  limit: 24,

  model(chart, limit) {
    const told = chosenOf(chart.rows, limit);
    const nameFor = (row) =>
      [chart.workloads > 1 && row.workload, row.setting || nameOf(row)].filter(Boolean).join(": ");
    return { ...told, names: told.drawn.map(nameFor), what: "settings" };
  },

  height: ({ drawn }) => 72 + 26 * drawn.length,

  option({ drawn, names }, look, width) {
    const room = roomForNames(names, width);
    const values = drawn.flatMap((row) => [row.most, ...(row.most_range ?? [])]).filter(Boolean);
    const scale = logScale(values);
    const zero = scale.min / 10;
    const hasNone = drawn.some((row) => row.most_range?.[0] === 0);
    const marks = [...(hasNone ? [zero] : []), ...scale.marks];
    const at = (writes) => writes || zero;
    return {
      grid: { left: room, right: 56, top: 8, bottom: 56 },
      xAxis: axis(look, "acknowledged writes in danger at once", {
        type: "log",
        min: marks[0],
        max: scale.max,
        axisTick: { customValues: marks },
        axisLabel: {
          customValues: marks,
          formatter: (writes) => (writes < 2 * zero ? "none" : count(writes)),
        },
      }),
      yAxis: rowAxis(look, names, room),
      tooltip: {
        formatter: ({ data: { row } }) =>
          tip(
            `${row.workload}: ${nameOf(row)}`,
            row.setting,
            `${whole(row.most)} writes${between(row, "most", whole)}`,
            `the oldest for ${duration(row.age)}`,
          ),
      },
      series: [
        whiskers(
          drawn
            .map((row, place) => row.most_range && [place, ...row.most_range.map(at), look.accent])
            .filter(Boolean),
          "x",
          look,
        ),
        {
          type: "scatter",
          symbolSize: 11,
          itemStyle: { color: look.accent },
          z: 4,
          data: drawn.map((row, place) => ({ value: [row.most, place], row })),
          label: {
            show: true,
            position: "right",
            color: look.ink,
            fontSize: 11,
            formatter: ({ data: { row } }) => count(row.most),
          },
        },
      ],
    };
  },

  legend: () => [],

  table: ({ drawn }) => ({
    columns: ["Workload", "Protocol", "Setting", "Most writes in danger", "The oldest for"],
    rows: drawn.map((row) => [
      row.workload,
      nameOf(row),
      row.setting,
      whole(row.most) + between(row, "most", whole),
      duration(row.age),
    ]),
  }),
};

const predictions = {
  limit: Infinity,

  model: (chart) => ({
    drawn: chart.rows,
    chosen: chart.rows.length,
    all: chart.rows.length,
    seeds: chart.seeds,
    notes: [],
  }),

  height: ({ drawn }) => 72 + 20 * drawn.length,

  option({ drawn }, look, width) {
    const names = drawn.map((row) => `${row.family}: ${row.name}`);
    const room = roomForNames(names, width);
    const ratio = (row, value) => value / row.predicted;
    const reach =
      Math.max(
        0.01,
        ...drawn.flatMap((row) =>
          [row.low, row.high].map((each) => Math.abs(ratio(row, each) - 1)),
        ),
      ) * 1.05;
    const colourOf = (row) => (row.inside ? look.accent : look.bad);
    return {
      grid: { left: room, right: 24, top: 8, bottom: 56 },
      xAxis: axis(look, "measured / predicted", {
        type: "value",
        min: 1 - reach,
        max: 1 + reach,
        axisLabel: {
          formatter: (value) => value.toFixed(2),
          showMinLabel: false,
          showMaxLabel: false,
        },
      }),
      yAxis: rowAxis(look, names, room),
      tooltip: {
        formatter: ({ data: { row } }) =>
          tip(
            row.name,
            row.formula,
            `predicted ${short(row.predicted, 4)}, measured ${short(row.mean, 4)}`,
            `99% interval ${short(row.low, 4)} to ${short(row.high, 4)}`,
          ),
      },
      series: [
        whiskers(
          drawn.map((row, place) => [
            place,
            ratio(row, row.low),
            ratio(row, row.high),
            colourOf(row),
          ]),
          "x",
          look,
        ),
        {
          type: "scatter",
          z: 4,
          symbolSize: 7,
          data: drawn.map((row, place) => ({
            value: [ratio(row, row.mean), place],
            row,
            symbol: row.inside ? "circle" : "diamond",
            itemStyle: { color: colourOf(row) },
          })),
          markLine: {
            silent: true,
            symbol: "none",
            label: { show: false },
            lineStyle: { color: look.soft, type: "solid" },
            data: [{ xAxis: 1 }],
          },
        },
      ],
    };
  },

  legend: () => [],

  table: ({ drawn }) => ({
    columns: ["Form", "Formula", "Predicted", "Measured", "99% interval", "Verdict", "Run"],
    rows: drawn.map((row) => [
      `${row.family}: ${row.name}`,
      row.formula,
      short(row.predicted, 5),
      short(row.mean, 5),
      `${short(row.low, 5)} to ${short(row.high, 5)}`,
      row.inside ? "inside" : "OUTSIDE",
      row.command,
    ]),
  }),
};
