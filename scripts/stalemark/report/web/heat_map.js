// SPDX-License-Identifier: Apache-2.0
// Every protocol on every workload, coloured by how many times worse than the workload's best.

const WORST = 32; // Times the best; beyond it all is equally dark.

const orNever = (write) => (value) => (value === null ? "never" : write(value));

/** Whether the names of the workloads need more room than their columns have. */
function isSlanted({ drawn, workloads }, width) {
  const room = width - roomForNames(drawn.map(nameOf), width) - 16;
  return room / workloads.length < Math.max(...workloads.map((name) => name.length)) * LETTER;
}

const heatMap = {
  limit: 24,

  controls: (chart) => [
    {
      name: "kind",
      title: "Show",
      options: Object.entries(chart.kinds).map(([name, { title }]) => [name, title]),
    },
    {
      name: "order",
      title: "Order",
      options: [
        ["page", "as in the matrix"],
        ["best", "best first"],
      ],
    },
  ],

  model(chart, limit, state) {
    const kind = state.kind ?? Object.keys(chart.kinds)[0];
    const { more } = chart.kinds[kind];
    const rows = new Map();
    chart.workloads.forEach((_, workload) => {
      const cells = chart.cells[kind].filter(([place, p]) => place === workload && isChosen(p));
      const values = cells.map(([, , value]) => value ?? Infinity); // Of a time: never answered.
      const best = more ? Math.max(...values) : Math.min(...values);
      for (const [, p, value] of cells) {
        if (!rows.has(p)) rows.set(p, { p, cells: [] });
        const times = value === null ? Infinity : more ? best / value : value / best;
        rows.get(p).cells.push({ workload, value, times });
      }
    });
    for (const row of rows.values()) {
      const logs = row.cells.map(({ times }) => Math.log(times));
      row.mean = Math.exp(logs.reduce((sum, each) => sum + each, 0) / logs.length);
    }
    const byWidth = (a, b) => b.cells.length - a.cells.length;
    const byOrder = (a, b) =>
      state.order === "best" && a.mean !== b.mean ? a.mean - b.mean : a.p - b.p;
    const sorted = [...rows.values()].sort((a, b) => byWidth(a, b) || byOrder(a, b));
    const drawn = sorted.slice(0, limit);
    const all = new Set(chart.cells[kind].map(([, p]) => p)).size;
    return {
      drawn,
      chosen: sorted.length,
      all,
      kind: chart.kinds[kind],
      workloads: chart.workloads,
      notes: ["Those on most workloads come first."],
    };
  },

  height: (model, width) => (isSlanted(model, width) ? 178 : 108) + 24 * model.drawn.length,

  option({ drawn, kind, workloads }, look, width) {
    const names = drawn.map(nameOf);
    const room = roomForNames(names, width);
    const isNarrow = isSlanted({ drawn, workloads }, width);
    const write = orNever(kind.unit === "ns" ? duration : count);
    const data = drawn.flatMap((row, place) =>
      row.cells.map((cell) => {
        const depth = Math.min(Math.log2(cell.times), Math.log2(WORST));
        return {
          value: [cell.workload, place, depth],
          cell,
          row,
          label: { color: inkOn(mixed(look.grades, depth / Math.log2(WORST))) },
        };
      }),
    );
    return {
      grid: { left: room, right: 16, top: isNarrow ? 110 : 40, bottom: 68 },
      xAxis: axis(look, "", {
        type: "category",
        data: workloads,
        position: "top",
        splitLine: { show: false },
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: {
          interval: 0,
          hideOverlap: false,
          rotate: isNarrow ? 50 : 0,
          width: isNarrow ? 120 : (width - room) / workloads.length - 8,
          overflow: "truncate",
        },
      }),
      yAxis: { ...rowAxis(look, names, room), axisLine: { show: false } },
      visualMap: {
        dimension: 2,
        min: 0,
        max: Math.log2(WORST),
        calculable: false,
        orient: "horizontal",
        left: "center",
        bottom: 4,
        itemWidth: 14,
        itemHeight: 140,
        inRange: { color: look.grades },
        text: [`×${WORST} or worse`, "best"],
        textStyle: { color: look.ink },
      },
      tooltip: {
        formatter: ({ data: { cell, row } }) =>
          tip(
            `${nameOf(row)}, ${workloads[cell.workload]}`,
            `${kind.title} ${write(cell.value)}`,
            cell.value === null
              ? "for more of them than this quantile leaves"
              : `×${short(cell.times, 3)} the best of the workload`,
          ),
      },
      series: [
        {
          type: "heatmap",
          data,
          itemStyle: { borderColor: look.ground, borderWidth: 1 },
          label: {
            show: !isNarrow || (width - room) / workloads.length > 44,
            fontSize: isNarrow ? 9 : 11,
            formatter: ({ data: { cell } }) => write(cell.value),
          },
        },
      ],
    };
  },

  legend: () => [],

  table: ({ drawn, kind, workloads }) => ({
    caption: `${kind.title}, in brackets times the best of the workload`,
    columns: ["Protocol", ...workloads],
    rows: drawn.map((row) => [
      nameOf(row),
      ...workloads.map((_, workload) => {
        const cell = row.cells.find((each) => each.workload === workload);
        const write = kind.unit === "ns" ? duration : (value) => short(value, 3);
        if (cell?.value === null) return "never";
        return cell ? `${write(cell.value)} (×${short(cell.times, 3)})` : "";
      }),
    ]),
  }),
};
