  reg [PIXEL_BITS-1:0] pixels__payload;
  reg [START_BITS-1:0] start__payload;
  reg [BUS_BITS-1:0] bus__payload;
  reg pixels__valid, start__valid, bus__valid, result__ready, response__ready;
  wire [RESULT_BITS-1:0] result__payload;
  wire [DATA_BITS-1:0] response__payload;
  wire pixels__ready, start__ready, bus__ready, result__valid, response__valid;

@INSTANCE@

  task idle;
    begin
      pixels__valid = 1'b0;
      start__valid = 1'b0;
      bus__valid = 1'b0;
      result__ready = 1'b0;
      response__ready = 1'b0;
    end
  endtask

  // What is set at a falling edge is seen by the rising one.
  task ask(input [BUS_BITS-1:0] request, output [DATA_BITS-1:0] answer);
    begin
      @(negedge clk);
      bus__payload = request;
      bus__valid = 1'b1;
      @(posedge clk);
      while (bus__ready !== 1'b1) @(posedge clk);
      @(negedge clk);
      bus__valid = 1'b0;
      response__ready = 1'b1;
      @(posedge clk);
      while (response__valid !== 1'b1) @(posedge clk);
      answer = response__payload;
      moved = now;
      @(negedge clk);
      response__ready = 1'b0;
    end
  endtask

  task show(
    input integer number, input learn, input [LABEL_BITS-1:0] given,
    output integer label, output integer n_spikes, output integer cycles
  );
    integer k, began;
    begin
      @(negedge clk);
      for (k = 0; k < PIXELS; k = k + 1) begin
        pixels__payload = images[number*PIXELS+k];
        pixels__valid = 1'b1;
        @(posedge clk);
        while (pixels__ready !== 1'b1) @(posedge clk);
        moved = now;
        @(negedge clk);
      end
      pixels__valid = 1'b0;
      start__payload = {given, learn};
      start__valid = 1'b1;
      @(posedge clk);
      while (start__ready !== 1'b1) @(posedge clk);
      began = now;
      moved = now;
      @(negedge clk);
      start__valid = 1'b0;
      result__ready = 1'b1;
      @(posedge clk);
      while (result__valid !== 1'b1) @(posedge clk);
      label = result__payload[0+:LABEL_BITS];
      n_spikes = result__payload[LABEL_BITS+:N_SPIKES_BITS];
      cycles = now - began;
      moved = now;
      @(negedge clk);
      result__ready = 1'b0;
    end
  endtask
