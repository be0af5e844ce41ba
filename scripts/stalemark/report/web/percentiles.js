// SPDX-License-Identifier: Apache-2.0
// Read latency by percentile: the slow end of the distribution gets most of the room.

const percentiles = {
  limit: FIRST_CURVES,
  curves: (chart) => chart.lines,

  model: (chart, limit, { picked }) => ({
    ...chosenOf(chart.lines, limit, picked),
    names: chart.names,
    title: chart.title,
    looks: chart.looks,
  }),

  height: () => 380,

  option({ drawn, names, looks, title }, look) {
    const times = drawn.flatMap(({ curve, stops }) => [
      ...curve.map(([, ns]) => ns),
      ...stops.flatMap((stop) => stop.ns_range ?? []),
    ]);
    const most = Math.max(2, ...drawn.map(({ curve }) => curve.at(-1)[0]));
    const marks = [
      1,
      ...Object.keys(names)
        .map(Number)
        .filter((at) => at <= most),
    ];
    const series = drawn.flatMap((each, turn) => {
      const { colour, stroke } = looks[each.p];
      const shift = (turn - (drawn.length - 1) / 2) * 3; // Else whiskers would lie on each other.
      return [
        {
          type: "line",
          name: nameOf(each),
          data: each.curve,
          showSymbol: false,
          z: 2,
          lineStyle: { color: colour, type: stroke, width: 2 },
          itemStyle: { color: colour },
        },
        {
          type: "scatter",
          silent: true,
          symbol: symbolOf(looks[each.p]),
          symbolSize: 6,
          itemStyle: { color: colour },
          z: 4,
          data: each.stops.map((stop) => [stop.at, stop.ns]),
        },
        whiskers(
          each.stops
            .filter((stop) => stop.ns_range)
            .map((stop) => [stop.at, ...stop.ns_range, colour, shift]),
          "y",
          look,
        ),
      ];
    });
    return {
      grid: { left: 62, right: 24, top: 16, bottom: 48 },
      xAxis: axis(look, "percentile of reads", {
        type: "log",
        min: 1,
        max: most,
        axisTick: { customValues: marks },
        axisLabel: { customValues: marks, formatter: (at) => names[at] ?? "0" },
      }),
      yAxis: logAxis(look, title, times, duration, { nameGap: 46 }),
      tooltip: {
        trigger: "axis",
        formatter: (points) => {
          const lines = points.filter(({ seriesType }) => seriesType === "line");
          if (!lines.length) return "";
          return tip(
            `${(100 - 100 / lines[0].axisValue).toFixed(3)}% of reads`,
            ...lines.map(({ seriesName, value }) => `${seriesName}: ${duration(value[1])}`),
          );
        },
      },
      series,
    };
  },

  legend: ({ drawn, looks }) =>
    drawn.map((each) => ({ label: nameOf(each), look: looks[each.p], isLine: true })),

  table: ({ drawn, names }) => ({
    columns: ["Protocol", ...Object.values(names)],
    rows: drawn.map((each) => [
      nameOf(each),
      ...Object.keys(names).map((at) => {
        const stop = each.stops.find((one) => one.at === Number(at));
        if (stop) return duration(stop.ns) + between(stop, "ns", duration);
        return each.never.includes(Number(at)) ? "never" : "too few reads";
      }),
    ]),
  }),
};
