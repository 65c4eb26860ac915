  reg [ADDRESS_BITS-1:0] wb_adr;
  reg [DATA_BITS-1:0] wb_dat_w, told;
  reg [DATA_BITS/8-1:0] wb_sel;
  reg wb_cyc, wb_stb, wb_we, fine;
  wire [DATA_BITS-1:0] wb_dat_r;
  wire wb_ack, wb_err, wb_stall, irq;

@INSTANCE@

  task idle;
    begin
      wb_cyc = 1'b0;
      wb_stb = 1'b0;
    end
  endtask

  // What is set at a falling edge is seen by the rising one.
  task cycle(
    input write, input [ADDRESS_BITS-1:0] adr, input [DATA_BITS-1:0] data,
    input [DATA_BITS/8-1:0] sel
  );
    begin
      @(negedge clk);
      wb_we = write;
      wb_adr = adr;
      wb_dat_w = data;
      wb_sel = sel;
      wb_cyc = 1'b1;
      wb_stb = 1'b1;
      @(posedge clk);
      if (PIPELINED) begin
        while (wb_stall !== 1'b0) @(posedge clk);
        @(negedge clk);
        wb_stb = 1'b0;
      end
      while ((wb_ack | wb_err) !== 1'b1) @(posedge clk);
      fine = wb_ack & ~wb_err;
      told = wb_dat_r;
      moved = now;
      @(negedge clk);
      idle;
    end
  endtask

  // An error is answered wrongly.
  task ask(input [BUS_BITS-1:0] request, output [DATA_BITS-1:0] answer);
    reg [ADDRESS_BITS-1:0] region, index;
    begin
      region = request[REGION_AT+:REGION_BITS];
      index = request[INDEX_AT+:INDEX_BITS];
      answer = request[DATA_AT+:DATA_BITS];
      cycle(request[0], region << PLACE_BITS | index, answer, {DATA_BITS / 8{1'b1}});
      if (request[0]) answer = 0;
      if (fine !== 1'b1) answer = ~answer;
      else if (!request[0]) answer = told;
    end
  endtask

  task show(
    input integer number, input learn, input [LABEL_BITS-1:0] given,
    output integer label, output integer n_spikes, output integer cycles
  );
    integer k, j, began;
    reg good;
    reg [DATA_BITS-1:0] four;
    reg [DATA_BITS/8-1:0] there;
    begin
      good = 1'b1;
      for (k = 0; k < PIXELS; k = k + DATA_BITS / 8) begin
        four = 0;
        there = 0;
        for (j = 0; j < DATA_BITS / 8; j = j + 1)
          if (k + j < PIXELS) begin
            four[8*j+:8] = images[number*PIXELS+k+j];
            there[j] = 1'b1;
          end
        cycle(1'b1, PIXELS_WORD, four, there);
        good = good & fine;
      end
      cycle(1'b1, START_WORD, {given, learn}, {DATA_BITS / 8{1'b1}});
      good = good & fine;
      began = now;
      @(posedge clk);
      while (irq !== 1'b1) @(posedge clk);
      cycle(1'b0, RESULT_WORD, 0, {DATA_BITS / 8{1'b1}});
      label = told[0+:LABEL_BITS];
      n_spikes = told[TOLD_SPIKES_AT+:N_SPIKES_BITS];
      // A word was an error, or the result is none.
      if ({good & fine, told[TOLD_BAD_AT-1+:2]} !== 3'b101) label = -1;
      cycles = now - began;
    end
  endtask
